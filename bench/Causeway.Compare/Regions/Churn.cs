using System.Diagnostics;

namespace Causeway.Compare.Regions;

/// <summary>New subjects subscribed to at a fixed rate, each given up a second later.</summary>
internal sealed class Churn : IDisposable
{
    private const int StepsPerSecond = 50;

    private readonly BusClient _client;
    private readonly long _first;
    private readonly long _perSecond;
    private readonly Thread _thread;
    private long _made;
    private long _gone;
    private volatile bool _stop;
    private volatile string? _failure;

    public Churn(BusClient client, long first, long perSecond)
    {
        _client = client;
        _first = first;
        _perSecond = perSecond;
        _thread = new Thread(Run) { IsBackground = true, Name = "regions-churn" };
    }

    public long Made => Volatile.Read(ref _made);

    /// <summary>Those not given up, once it is stopped.</summary>
    public long Live => _made - _gone;

    public void Start() => _thread.Start();

    public void Stop()
    {
        _stop = true;
        if (_thread.IsAlive)
        {
            _thread.Join();
        }

        if (_failure is { } failure)
        {
            throw new CompareException(failure);
        }
    }

    /// <summary>Some that must be known, of those that were always there and of the last.</summary>
    public IReadOnlyList<long> Sample(int samples) =>
        [.. Literals.Sample(0, _first, samples / 2), .. Literals.Sample(_first + _gone, Live, samples / 2)];

    public void Dispose()
    {
        _stop = true;
        if (_thread.IsAlive)
        {
            _thread.Join();
        }
    }

    private void Run()
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            while (!_stop)
            {
                long due = (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * _perSecond);
                long more = due - _made;
                if (more > 0)
                {
                    Literals.Subscribe(_client, _first + _made, more);
                    Volatile.Write(ref _made, due);
                    long old = Math.Max(0, due - _perSecond) - _gone;
                    Literals.Unsubscribe(_client, _first + _gone, old);
                    _gone += old;
                }

                Thread.Sleep(1000 / StepsPerSecond);
            }
        }
        catch (CompareException e)
        {
            _failure = e.Message;
        }
    }
}
