using System.Diagnostics;
using System.Globalization;

namespace Causeway.Compare.Regions;

/// <summary>Publishes numbered messages at a fixed rate, each number on every subject.</summary>
internal sealed class Ticker : IDisposable
{
    private readonly BusClient _client;
    private readonly IReadOnlyList<string> _subjects;
    private readonly int _perSecond;
    private readonly Thread _thread;
    private volatile bool _stop;

    /// <param name="client">Whom it publishes by; disposed of with it.</param>
    /// <param name="subjects">Where.</param>
    /// <param name="perSecond">Numbers a second.</param>
    public Ticker(BusClient client, IReadOnlyList<string> subjects, int perSecond)
    {
        _client = client;
        _subjects = subjects;
        _perSecond = perSecond;
        _thread = new Thread(Run) { IsBackground = true, Name = "regions-ticker" };
    }

    /// <summary>Numbers sent, once it is disposed of.</summary>
    public long Sent { get; private set; }

    public void Start() => _thread.Start();

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
        long start = Stopwatch.GetTimestamp();
        while (!_stop)
        {
            for (long due = (long)(Stopwatch.GetElapsedTime(start).TotalSeconds * _perSecond); Sent < due; Sent++)
            {
                foreach (string subject in _subjects)
                {
                    _client.Publish(subject, Sent.ToString(CultureInfo.InvariantCulture));
                }
            }

            Thread.Sleep(1);
        }

        _client.Flush();
    }
}
