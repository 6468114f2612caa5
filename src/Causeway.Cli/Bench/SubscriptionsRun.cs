using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Causeway.Cli.Bench;

/// <summary>One connection subscribes to many random literals, and a PING behind them tells when the server has all.</summary>
internal sealed class SubscriptionsRun : IDisposable
{
    private readonly HoldSettings _settings;
    private readonly Action<string, double> _progress;
    private readonly BenchTarget _target;
    private readonly ReadLoop _loop = new();
    private readonly Tally _tally = new();

    public SubscriptionsRun(HoldSettings settings, Action<string, double> progress)
    {
        _settings = settings;
        _progress = progress;
        _target = new BenchTarget(settings.Server, settings.Pids, settings.Timeout);
    }

    public BenchResult Run()
    {
        byte[] lines = Lines();
        Holder holder = new(_target.Open("bench-subs"), _loop, _tally);
        _loop.Add(holder);
        _loop.Start();
        ServerProcessUsage? before = _target.Usage();
        double generator = BenchTarget.GeneratorCpuSeconds();
        long start = Stopwatch.GetTimestamp();
        _loop.Post(() => holder.Send(lines));
        _loop.Await(() => _tally.Pongs == 1, _target.Deadline, () => "the server has not taken all subscriptions", () => _progress("subscribe", 0));
        double seconds = Stopwatch.GetElapsedTime(start, _tally.LastTimestamp).TotalSeconds;
        ServerProcessUsage? after = _target.Usage();
        generator = BenchTarget.GeneratorCpuSeconds() - generator;
        HoldWindow window = new(_target, _loop, _settings.Settle, _progress);
        ProcessSection? process = window.Measure(before, after, seconds, _settings.Count);
        return _target.Result("subs") with
        {
            Count = _settings.Count,
            CountPerSecond = _settings.Count / seconds,
            SubjectLength = _settings.Length,
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

    private byte[] Lines()
    {
        RandomSubjects subjects = new(_settings.Length, _settings.Tokens);
        StringBuilder lines = new(_settings.Count * (_settings.Length + 16));
        for (int sid = 1; sid <= _settings.Count; sid++)
        {
            lines.Append("SUB ").Append(subjects.Next()).Append(' ').Append(sid.ToString(CultureInfo.InvariantCulture)).Append("\r\n");
        }

        return Encoding.ASCII.GetBytes(lines.Append("PING\r\n").ToString());
    }
}
