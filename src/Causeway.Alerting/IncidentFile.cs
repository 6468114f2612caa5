using System.Text.Json;
using System.Threading.Channels;
using Causeway.Core.Alarms;

namespace Causeway.Alerting;

/// <summary>
/// Appends changes of alarms to a file, one JSON object a line, on a task of its own. A file that is full is put aside as FILE.1, so
/// that both together take twice the bound at most. What can't be written is counted as lost. Thread-safe.
/// </summary>
public sealed class IncidentFile : IDisposable
{
    /// <summary>Most changes that wait to be written.</summary>
    public const int MaxWaiting = 1024;

    private static readonly TimeSpan MaxEndTime = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly long _maxBytes;
    private readonly Channel<AlarmChange> _waiting = Channel.CreateBounded<AlarmChange>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly Task _writing;
    private FileStream? _file;
    private long _written;
    private long _lost;
    private string _lastFailure = "";

    /// <summary>Opens <paramref name="path"/>. Throws IOException or UnauthorizedAccessException if it can't be had.</summary>
    public IncidentFile(string path, long maxBytes)
    {
        _path = path;
        _maxBytes = maxBytes;
        _file = Open();
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>Changes written.</summary>
    public long Written => Volatile.Read(ref _written);

    /// <summary>Changes that could not be written.</summary>
    public long Lost => Volatile.Read(ref _lost);

    /// <summary>Why the last that was lost was; empty if none was.</summary>
    public string LastFailure => Volatile.Read(ref _lastFailure);

    /// <summary>Adds what is to be written. Never waits.</summary>
    public void Add(IReadOnlyList<AlarmChange> changes)
    {
        foreach (AlarmChange change in changes)
        {
            if (!_waiting.Writer.TryWrite(change))
            {
                Lose($"more than {MaxWaiting} changes wait to be written");
            }
        }
    }

    /// <summary>Writes what waits, within a bounded time, and closes the file.</summary>
    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        if (_writing.Wait(MaxEndTime))
        {
            _file?.Dispose();
        }
    }

    private FileStream Open() => new(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);

    private async Task WriteAllAsync()
    {
        await foreach (AlarmChange change in _waiting.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                await WriteAsync(change).ConfigureAwait(false);
                Interlocked.Increment(ref _written);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                // The disk may be full: the next change is tried anew.
                _file?.Dispose();
                _file = null;
                Lose(fault.Message);
            }
        }
    }

    private async Task WriteAsync(AlarmChange change)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(change, AlarmJson.Default.AlarmChange), (byte)'\n'];
        _file ??= Open();
        if (_file.Length > 0 && _file.Length + line.Length > _maxBytes)
        {
            await _file.DisposeAsync().ConfigureAwait(false);
            _file = null;
            File.Move(_path, _path + ".1", overwrite: true);
            _file = Open();
        }

        await _file.WriteAsync(line).ConfigureAwait(false);
        await _file.FlushAsync().ConfigureAwait(false);
    }

    private void Lose(string reason)
    {
        Interlocked.Increment(ref _lost);
        Volatile.Write(ref _lastFailure, reason);
    }
}
