using System.Diagnostics;

namespace Causeway.Cli.Bench;

/// <summary>Opens many connections one after another, holds them idle, and shows at the end that each still answers.</summary>
internal sealed class ConnectionsRun : IDisposable
{
    private readonly HoldSettings _settings;
    private readonly Action<string, double> _progress;
    private readonly BenchTarget _target;
    private readonly ReadLoop _loop = new();
    private readonly Tally _tally = new();

    public ConnectionsRun(HoldSettings settings, Action<string, double> progress)
    {
        _settings = settings;
        _progress = progress;
        _target = new BenchTarget(settings.Server, settings.Pids, settings.Timeout);
    }

    public BenchResult Run()
    {
        List<Holder> holders = new(_settings.Count);
        ServerProcessUsage? before = _target.Usage();
        double generator = BenchTarget.GeneratorCpuSeconds();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < _settings.Count; i++)
        {
            holders.Add(new Holder(_target.Open("bench-idle"), _loop, _tally));
            if (i % 100 == 0)
            {
                _progress("connect", i / (double)_settings.Count);
            }
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        ServerProcessUsage? after = _target.Usage();
        generator = BenchTarget.GeneratorCpuSeconds() - generator;
        holders.ForEach(_loop.Add);
        _loop.Start();
        HoldWindow window = new(_target, _loop, _settings.Settle, _progress, () => CheckAlive(holders));
        ProcessSection? process = window.Measure(before, after, seconds, _settings.Count);
        return _target.Result("connections") with
        {
            Count = _settings.Count,
            CountPerSecond = _settings.Count / seconds,
            Seconds = seconds,
            Process = process,
            GeneratorCpuSeconds = generator,
        };
    }

    public void Dispose()
    {
        _loop.Dispose();
        _target.Dispose();
    }

    private void CheckAlive(List<Holder> holders)
    {
        _loop.Post(() => holders.ForEach(static holder => holder.Send("PING\r\n"u8)));
        _loop.Await(
            () => _tally.Pongs == holders.Count,
            _target.Deadline,
            () => $"{holders.Count - _tally.Pongs} of {holders.Count} connections do not answer PING");
    }
}
