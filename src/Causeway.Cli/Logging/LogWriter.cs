using System.Text;

namespace Causeway.Cli.Logging;

/// <summary>
/// Writes lines to standard error or a file, on a thread of its own, so that nobody who logs waits for whoever reads the log. Beyond
/// <see cref="MaxWaitingLines"/> lines are dropped, and a line says how many. The protocol's trace, of which there may be more than anybody can
/// write, has half of the room, so that it never costs another line. Thread-safe.
/// </summary>
internal sealed class LogWriter : IDisposable
{
    /// <summary>Most lines that wait to be written.</summary>
    public const int MaxWaitingLines = 4096;

    /// <summary>Most lines of the protocol's trace among them.</summary>
    public const int MaxWaitingTraceLines = MaxWaitingLines / 2;

    /// <summary>Most characters of the protocol's trace that wait: its lines may be long.</summary>
    public const int MaxWaitingTraceCharacters = 4 * 1024 * 1024;

    private static readonly TimeSpan MaxEndTime = TimeSpan.FromSeconds(2);

    private readonly Lock _target = new();
    private readonly object _gate = new();
    private readonly Thread _thread;
    private readonly Func<DroppedLines, string> _droppedLine;
    private readonly Stream _standardError;
    private List<string> _waiting = [];
    private LogFile? _file;
    private int _waitingTraceLines;
    private int _waitingTraceCharacters;
    private DroppedLines _dropped;
    private DroppedLines _untold;
    private bool _ended;

    /// <summary>Begins to write to <paramref name="file"/>, to standard error if that is null. <paramref name="droppedLine"/> makes the line that says how many were dropped.</summary>
    public LogWriter(LogFile? file, Func<DroppedLines, string> droppedLine, Stream? standardError = null)
    {
        _file = file;
        _droppedLine = droppedLine;
        _standardError = standardError ?? Console.OpenStandardError();
        _thread = new Thread(WriteOn) { IsBackground = true, Name = "log" };
        _thread.Start();
    }

    /// <summary>Lines dropped so far.</summary>
    public DroppedLines Dropped
    {
        get
        {
            lock (_gate)
            {
                return _dropped;
            }
        }
    }

    /// <summary>Adds a line, one of the protocol's trace if <paramref name="isTrace"/>. Never waits.</summary>
    public void Add(string line, bool isTrace = false)
    {
        lock (_gate)
        {
            bool hasRoom = _waiting.Count < MaxWaitingLines
                && (!isTrace || (_waitingTraceLines < MaxWaitingTraceLines && _waitingTraceCharacters + line.Length <= MaxWaitingTraceCharacters));
            if (!hasRoom)
            {
                _dropped = _dropped.WithOne(isTrace);
                _untold = _untold.WithOne(isTrace);
                return;
            }

            _waiting.Add(line);
            _waitingTraceLines += isTrace ? 1 : 0;
            _waitingTraceCharacters += isTrace ? line.Length : 0;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Writes to <paramref name="file"/> from now on, to standard error if that is null; the file before is closed.</summary>
    public void Switch(LogFile? file)
    {
        lock (_target)
        {
            _file?.Dispose();
            _file = file;
        }
    }

    /// <summary>Closes the file and opens it under its name, where another may be by now; false without a file. Throws IOException or UnauthorizedAccessException if it can't be had; the old one stays then.</summary>
    public bool Reopen()
    {
        lock (_target)
        {
            _file?.Reopen();
            return _file is not null;
        }
    }

    /// <summary>Writes what waits, within a bounded time, and closes the file.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            Monitor.Pulse(_gate);
        }

        if (_thread.Join(MaxEndTime))
        {
            Switch(null);
        }
    }

    private void WriteOn()
    {
        while (true)
        {
            List<string> lines;
            lock (_gate)
            {
                while (_waiting.Count == 0 && _untold == default && !_ended)
                {
                    Monitor.Wait(_gate);
                }

                if (_waiting.Count == 0 && _untold == default)
                {
                    return;
                }

                (lines, _waiting) = (_waiting, []);
                (_waitingTraceLines, _waitingTraceCharacters) = (0, 0);
                if (_untold != default)
                {
                    lines.Add(_droppedLine(_untold));
                    _untold = default;
                }
            }

            Write(Encoding.UTF8.GetBytes(string.Concat(lines)));
        }
    }

    private void Write(byte[] bytes)
    {
        lock (_target)
        {
            try
            {
                if (_file is { } file)
                {
                    file.Write(bytes);
                    return;
                }

                _standardError.Write(bytes);
                _standardError.Flush();
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // A log that can't be written, as on a full disk, must not end the node; there is nobody left to tell.
            }
        }
    }
}
