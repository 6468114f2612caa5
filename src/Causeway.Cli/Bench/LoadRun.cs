using System.Diagnostics;
using Causeway.Cli.Execution;

namespace Causeway.Cli.Bench;

/// <summary>
/// Publishers and subscribers, each on its own connection, at full speed: one thread sends for all publishers, one reads for all.
/// The window runs from the first byte to the last message read and the last publisher's PONG.
/// </summary>
internal sealed class LoadRun : IDisposable
{
    private const int WindowPieces = 4;

    private readonly LoadSettings _settings;
    private readonly Action<string, double> _progress;
    private readonly BenchTarget _target;
    private readonly ReadLoop _loop = new();
    private readonly Tally _tally = new();
    private readonly List<Publisher> _publishers = [];
    private readonly List<Subscriber> _subscribers = [];
    private readonly int[] _subscribersOfSubject;
    private long _pongsExpected;

    public LoadRun(LoadSettings settings, Action<string, double> progress)
    {
        _settings = settings;
        _progress = progress;
        _subscribersOfSubject = new int[settings.Subjects];
        _target = new BenchTarget(settings.Server, settings.Pids, settings.Timeout, settings.SubscribeServer);
    }

    public BenchResult Run()
    {
        Connect();
        _loop.Start();
        if (_settings.Warmup > TimeSpan.Zero)
        {
            Phase("warm-up", null, _settings.Warmup);
        }

        long published = Published();
        long delivered = _tally.Delivered;
        ServerProcessUsage? before = _target.Usage();
        double generator = BenchTarget.GeneratorCpuSeconds();
        long start = Stopwatch.GetTimestamp();
        Phase(_settings.Mode, _settings.Messages, _settings.Duration);
        double seconds = Stopwatch.GetElapsedTime(start, _tally.LastTimestamp).TotalSeconds;
        ServerProcessUsage? after = _target.Usage();
        return Result(Published() - published, _tally.Delivered - delivered, seconds, before, after) with
        {
            GeneratorCpuSeconds = BenchTarget.GeneratorCpuSeconds() - generator,
        };
    }

    public void Dispose()
    {
        _loop.Dispose();
        _target.Dispose();
    }

    private void Connect()
    {
        if (_settings.Verify && _settings.Size < SequenceCheck.StampBytes)
        {
            throw new BenchException(ExitCode.Usage, $"--verify needs a --size of at least {SequenceCheck.StampBytes}");
        }

        byte[] payload = new byte[_settings.Size];
        new Random(_settings.Size).NextBytes(payload);
        FrameTemplate[] templates = [.. Enumerable.Range(0, _settings.Subjects).Select(i => FrameTemplate.Message(Subject(i), 1, payload))];
        for (int i = 0; i < _settings.Subscribers; i++)
        {
            int subject = i % _settings.Subjects;
            _subscribersOfSubject[subject]++;
            FrameCounter counter = _settings.Verify
                ? new FrameCounter(null, new SequenceCheck(_settings.Publishers))
                : new FrameCounter(templates[subject]);
            Subscriber subscriber = new(_target.OpenSubscriber("bench-sub", $"SUB {Subject(subject)} 1\r\n"), counter, _tally);
            _subscribers.Add(subscriber);
            _loop.Add(subscriber);
        }

        _target.AwaitInterest(_settings.Subject);
        for (int i = 0; i < _settings.Publishers; i++)
        {
            PublishStream stream = new(Subject(i % _settings.Subjects), payload, i, _settings.Verify);
            Publisher publisher = new(_target.Open("bench-pub"), stream, _tally);
            _publishers.Add(publisher);
            _loop.Add(publisher);
        }

        _target.CheckPayload(_settings.Size);
    }

    private string Subject(int number) => _settings.Subjects == 1 ? _settings.Subject : $"{_settings.Subject}.{number}";

    private long Published() => _publishers.Sum(p => p.Stream.Messages);

    private long Expected()
    {
        long expected = 0;
        for (int i = 0; i < _publishers.Count; i++)
        {
            expected += _publishers[i].Stream.Messages * _subscribersOfSubject[i % _settings.Subjects];
        }

        return expected;
    }

    /// <summary>Shares out what the window leaves, in good pieces. On the sending thread.</summary>
    private void Grant()
    {
        long room = _settings.Window!.Value - (Expected() - _tally.Delivered);
        if (room < _settings.Window / WindowPieces)
        {
            return;
        }

        for (int i = 0; i < _publishers.Count; i++)
        {
            long copies = Math.Max(1, _subscribersOfSubject[i % _settings.Subjects]) * (long)_publishers.Count;
            _publishers[i].Stream.Allow(_publishers[i].Stream.Messages + Math.Max(1, room / copies));
        }
    }

    /// <summary>Publishes up to that many messages for up to that time, then waits for all of them to arrive.</summary>
    private void Phase(string name, long? messages, TimeSpan? duration)
    {
        long start = Stopwatch.GetTimestamp();
        long deliveredBefore = _tally.Delivered;
        long publishedBefore = Published();
        long count = _publishers.Count;
        for (int i = 0; i < count; i++)
        {
            _publishers[i].Stream.Begin(messages is { } total ? (total / count) + (i < total % count ? 1 : 0) : long.MaxValue);
        }

        using PublishLoop sender = new(_publishers, _target.Deadline, _settings.Window is null ? null : Grant);
        sender.Start();
        while (!sender.Join(Slice(start, duration)))
        {
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            if (elapsed >= duration || _target.Deadline.Passed || _loop.Failure is not null)
            {
                break;
            }

            double byCount = messages is { } all ? (Published() - publishedBefore) / (double)all : 0;
            _progress(name, Math.Max(byCount, duration is { } limit ? elapsed / limit : 0));
        }

        foreach (Publisher publisher in _publishers)
        {
            publisher.Stream.Stop();
        }

        Finish(sender);
        long expected = Expected();
        _pongsExpected += count;
        _loop.Await(
            () => _tally.Delivered >= expected && _tally.Pongs >= _pongsExpected,
            _target.Deadline,
            () => $"{_tally.Delivered - deliveredBefore} of {expected - deliveredBefore} messages delivered",
            () => _progress($"{name}: draining", (_tally.Delivered - deliveredBefore) / Math.Max(1.0, expected - deliveredBefore)));
        if (_tally.Delivered > expected)
        {
            throw new BenchException(ExitCode.Failure, $"{_tally.Delivered - expected} more messages delivered than were due");
        }
    }

    private static TimeSpan Slice(long start, TimeSpan? duration)
    {
        TimeSpan left = (duration ?? TimeSpan.MaxValue) - Stopwatch.GetElapsedTime(start);
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < BenchProgress.Period ? left : BenchProgress.Period;
    }

    private void Finish(PublishLoop sender)
    {
        // The loop's reason is the better one: it has read the -ERR that came before the server closed. A stalled server may never
        // take the rest, so the deadline counts here too.
        while (!sender.Join(BenchProgress.Period) && _loop.Failure is null && !_target.Deadline.Passed)
        {
        }

        if (sender.Failure is { } failure)
        {
            Thread.Sleep(BenchProgress.Period);
            throw new BenchException(ExitCode.Failure, _loop.Failure ?? failure);
        }

        _loop.ThrowIfFailed();
        if (_publishers.Exists(p => !p.Stream.Finished))
        {
            throw new BenchException(
                ExitCode.Failure,
                $"timed out after {_target.Deadline.Timeout.TotalSeconds:0.#} s: the server takes no more messages, {Published()} published, {_tally.Delivered} delivered");
        }
    }

    private BenchResult Result(long published, long delivered, double seconds, ServerProcessUsage? before, ServerProcessUsage? after)
    {
        bool subscribed = _settings.Subscribers > 0;
        ProcessSection? process = _target.Section(before, after, seconds);
        return _target.Result(_settings.Mode) with
        {
            Publishers = _settings.Publishers,
            Subscribers = subscribed ? _settings.Subscribers : null,
            Subjects = _settings.Subjects,
            Window = _settings.Window,
            SizeBytes = _settings.Size,
            Verified = subscribed ? _settings.Verify : null,
            Seconds = seconds,
            Published = published,
            PublishedPerSecond = published / seconds,
            Delivered = subscribed ? delivered : null,
            DeliveredPerSecond = subscribed ? delivered / seconds : null,
            DeliveredMegabytesPerSecond = subscribed ? delivered * (double)_settings.Size / 1e6 / seconds : null,
            Process = process is null ? null : process with
            {
                CpuUsPerPublished = process.CpuSeconds * 1e6 / published,
                CpuUsPerDelivered = subscribed ? process.CpuSeconds * 1e6 / delivered : null,
            },
        };
    }
}
