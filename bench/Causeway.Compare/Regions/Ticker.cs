using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace Causeway.Compare.Regions;

/// <summary>Publishes numbered messages of 16 B at a fixed rate, each number on every subject, in as few writes as the clock allows.</summary>
internal sealed class Ticker : IDisposable
{
    private const int PayloadBytes = 16;
    private const int WriteBytes = 64 * 1024;

    private readonly BusClient _client;
    private readonly byte[][] _commands;
    private readonly int _longest;
    private readonly int _perSecond;
    private readonly Thread _thread;
    private long _sent;
    private volatile bool _stop;
    private volatile string? _failure;

    /// <param name="client">Whom it publishes by; disposed of with it.</param>
    /// <param name="subjects">Where.</param>
    /// <param name="perSecond">Numbers a second.</param>
    public Ticker(BusClient client, IReadOnlyList<string> subjects, int perSecond)
    {
        _client = client;
        _commands = [.. subjects.Select(subject => Encoding.ASCII.GetBytes($"PUB {subject} {PayloadBytes}\r\n{new string('0', PayloadBytes)}\r\n"))];
        _longest = _commands.Sum(command => command.Length);
        _perSecond = perSecond;
        _thread = new Thread(Run) { IsBackground = true, Name = "regions-ticker" };
    }

    /// <summary>Numbers sent until now.</summary>
    public long Sent => Volatile.Read(ref _sent);

    public void Start() => _thread.Start();

    /// <summary>Ends, once the server has taken all that was sent.</summary>
    public void Stop()
    {
        _stop = true;
        _thread.Join();
        if (_failure is { } failure)
        {
            throw new CompareException(failure);
        }
    }

    public void Dispose()
    {
        _stop = true;
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        _client.Dispose();
    }

    private void Run()
    {
        byte[] buffer = new byte[WriteBytes];
        long start = Stopwatch.GetTimestamp();
        try
        {
            while (!_stop)
            {
                long due = (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * _perSecond);
                while (_sent < due)
                {
                    Write(buffer, due);
                }

                Thread.Sleep(1);
            }

            _client.Flush();
        }
        catch (CompareException e)
        {
            _failure = e.Message;
        }
    }

    /// <summary>Sends as many of the numbers below <paramref name="due"/> as the buffer holds.</summary>
    private void Write(byte[] buffer, long due)
    {
        int filled = 0;
        long number = _sent;
        for (; number < due && filled + _longest <= buffer.Length; number++)
        {
            foreach (byte[] command in _commands)
            {
                command.CopyTo(buffer, filled);
                filled += command.Length;
                Span<byte> payload = buffer.AsSpan(filled - PayloadBytes - 2, PayloadBytes);
                _ = Utf8Formatter.TryFormat(number, payload, out _, new System.Buffers.StandardFormat('D', PayloadBytes));
            }
        }

        _client.Send(buffer.AsSpan(0, filled));
        Volatile.Write(ref _sent, number);
    }
}
