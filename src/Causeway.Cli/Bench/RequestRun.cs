using System.Diagnostics;
using Causeway.Bus.Transport;
using Causeway.Cli.Execution;

namespace Causeway.Cli.Bench;

/// <summary>Request and reply: requesters and responders are all served by one thread, so that a round trip has two hops and no more.</summary>
internal sealed unsafe class RequestRun : IDisposable
{
    private const long ShortestTimerNanoseconds = 50_000;

    private readonly RequestSettings _settings;
    private readonly Action<string, double> _progress;
    private readonly BenchTarget _target;
    private readonly ReadLoop _loop = new();
    private readonly RequestSchedule _schedule;
    private readonly List<Requester> _requesters = [];
    private int _timer = -1;
    private int _turn;

    public RequestRun(RequestSettings settings, Action<string, double> progress)
    {
        _settings = settings;
        _progress = progress;
        _schedule = new RequestSchedule(settings.Rate);
        _target = new BenchTarget(settings.Server, settings.Pids, settings.Timeout, settings.SubscribeServer);
    }

    public BenchResult Run()
    {
        Connect();
        if (_settings.Rate is { } rate)
        {
            StartTimer(rate);
        }

        _loop.Start();
        if (_settings.Warmup > TimeSpan.Zero)
        {
            Phase("warm-up", null, _settings.Warmup);
        }

        ServerProcessUsage? before = _target.Usage();
        double generator = BenchTarget.GeneratorCpuSeconds();
        Phase("request", _settings.Messages, _settings.Duration);
        ServerProcessUsage? after = _target.Usage();
        double seconds = Stopwatch.GetElapsedTime(_schedule.StartTimestamp, _schedule.LastTimestamp).TotalSeconds;
        long requests = _schedule.Completed;
        ProcessSection? process = _target.Section(before, after, seconds);
        return _target.Result("request") with
        {
            Clients = _settings.Clients,
            Responders = _settings.Responders,
            InFlight = _settings.InFlight,
            Rate = _settings.Rate,
            SizeBytes = _settings.Size,
            Seconds = seconds,
            Requests = requests,
            RequestsPerSecond = requests / seconds,
            Latency = _schedule.Summary(),
            Process = process is null ? null : process with { CpuUsPerRequest = process.CpuSeconds * 1e6 / requests },
            GeneratorCpuSeconds = BenchTarget.GeneratorCpuSeconds() - generator,
        };
    }

    public void Dispose()
    {
        _loop.Dispose();
        _target.Dispose();
        if (_timer >= 0)
        {
            _ = Libc.Close(_timer);
        }
    }

    private void Connect()
    {
        byte[] payload = new byte[_settings.Size];
        new Random(_settings.Size).NextBytes(payload);
        string queue = _settings.Responders > 1 ? "bench " : "";
        for (int i = 0; i < _settings.Responders; i++)
        {
            _loop.Add(new Responder(_target.OpenSubscriber("bench-responder", $"SUB {_settings.Subject} {queue}1\r\n"), _loop));
        }

        _target.AwaitInterest(_settings.Subject);
        string inbox = $"_INBOX.{Random.Shared.NextInt64():x16}";
        for (int i = 0; i < _settings.Clients; i++)
        {
            string own = $"{inbox}.{i}";
            RawConnection connection = _target.Open("bench-requester", $"SUB {own}.* 1\r\n");
            Requester requester = new(connection, _loop, _schedule, _settings.Subject, own, _settings.InFlight, payload);
            _requesters.Add(requester);
            _loop.Add(requester);
        }

        _target.CheckPayload(_settings.Size);
    }

    private void StartTimer(double rate)
    {
        nint period = (nint)Math.Clamp((long)(1e9 / rate), ShortestTimerNanoseconds, 999_999_999);
        BenchLibc.TimeSpec interval = new() { Nanoseconds = period };
        BenchLibc.TimerSpec spec = new() { Interval = interval, Value = interval };
        _timer = BenchLibc.TimerCreate();
        if (_timer < 0 || BenchLibc.TimerSet(_timer, 0, &spec, null) < 0)
        {
            throw new BenchException(ExitCode.Failure, $"timerfd failed with errno {Libc.Errno}");
        }

        _loop.AddTimer(_timer, Issue);
    }

    private void Phase(string name, long? messages, TimeSpan? duration)
    {
        _loop.Post(() =>
        {
            _schedule.Begin(Stopwatch.GetTimestamp(), messages, duration);
            Issue(Stopwatch.GetTimestamp());
        });
        long start = Stopwatch.GetTimestamp();
        _loop.Await(
            () => _schedule.Done(Stopwatch.GetTimestamp()),
            _target.Deadline,
            () => $"{_schedule.Issued - _schedule.Completed} of {_schedule.Issued} requests are not answered",
            () => _progress(name, Math.Max(_schedule.Completed / (double)(messages ?? long.MaxValue), duration is { } limit ? Stopwatch.GetElapsedTime(start) / limit : 0)));
    }

    /// <summary>Issues what is due, to the clients with free slots in turn.</summary>
    private void Issue(long now)
    {
        int idle = 0;
        while (idle < _requesters.Count)
        {
            Requester requester = _requesters[_turn];
            _turn = (_turn + 1) % _requesters.Count;
            if (!requester.HasFreeSlot)
            {
                idle++;
                continue;
            }

            if (!_schedule.TryTake(now, out long startedAt))
            {
                break;
            }

            requester.Issue(startedAt);
            idle = 0;
        }

        foreach (Requester requester in _requesters)
        {
            requester.Flush();
        }
    }
}
