using Causeway.Bus.Monitoring.Regions;
using Causeway.Bus.Nodes;
using Causeway.Core.Control;
using Causeway.Core.Health;
using Microsoft.Extensions.Logging;

namespace Causeway.Bus.Health;

/// <summary>
/// Watches the node's health by evidence: looks once a second, lets the <see cref="HealthJudge"/> judge, and reports. A node that was
/// not asked to watch itself looks only when somebody wants to know, and does not measure the bus.
/// </summary>
internal sealed class NodeHealth : IDisposable
{
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(1);

    private readonly BusNode _node;
    private readonly HealthOptions? _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly MeshView _view;
    private readonly LoopDelays _delays;
    private readonly BusProbe _probe;
    private readonly ControlLine? _control;
    private readonly HealthJudge _judge = new();
    private readonly SemaphoreSlim _reporting = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();
    private long _acceptErrors;

    public NodeHealth(BusNode node, HealthOptions? options, Func<IReadOnlyList<AlarmReport>> alarms, TimeProvider time, ILogger log)
    {
        _node = node;
        _options = options;
        _time = time;
        _log = log;
        _view = new MeshView(node);
        _delays = new LoopDelays(node, time);
        _probe = new BusProbe(node, options?.BusDeadline ?? HealthLimits.BusDeadline, time);
        if (node.Options.Links is { } links)
        {
            _control = new ControlLine(node, links, new NodeReporter(node, alarms), time, log);
        }
    }

    /// <summary>What the last look found. Any thread.</summary>
    public HealthEvidence Evidence { get; private set; } = new();

    /// <summary>What was judged last. Any thread.</summary>
    public HealthVerdict Verdict { get; private set; } = HealthVerdict.Starting;

    /// <summary>True if it looks by itself, and not only when asked.</summary>
    public bool IsWatching => _options is not null;

    /// <summary>Commands that came to <paramref name="result"/>. Any thread.</summary>
    public long Commands(CommandResult result) => _control?.Gate.Count(result) ?? 0;

    /// <summary>Begins to watch, if it was asked for.</summary>
    public void Start()
    {
        if (_options is null)
        {
            return;
        }

        _delays.Start();
        _ = RepeatAsync(_options.LookInterval, LookAsync);
        if (_control is not null)
        {
            _control.Start();
            _ = RepeatAsync(_options.ReportInterval, ReportAsync);
        }
    }

    /// <summary>What is to be said now: the last verdict, or what a look finds where nobody watches.</summary>
    public async Task<(HealthVerdict Verdict, HealthEvidence Evidence)> AskAsync()
    {
        if (IsWatching)
        {
            return (Verdict, Evidence);
        }

        // What was the matter when somebody asked before is over.
        _ = _delays.Take();
        _delays.Sample();
        HealthEvidence evidence = await GatherAsync(await _delays.SettleAsync().ConfigureAwait(false)).ConfigureAwait(false);
        return (HealthJudge.Of(evidence), evidence);
    }

    /// <summary>The node leaves: says so at once, instead of with the next look.</summary>
    public async Task TellAsync()
    {
        if (_options is null || _stopping.IsCancellationRequested)
        {
            return;
        }

        Judge(Evidence);
        if (_control is not null)
        {
            await Task.WhenAny(ReportAsync(), Task.Delay(LeaveTimeout)).ConfigureAwait(false);
        }
    }

    /// <summary>Reports for the last time and ends the node's connections to itself.</summary>
    public async Task LeaveAsync()
    {
        await TellAsync().ConfigureAwait(false);
        Stop();
    }

    public void Dispose() => Stop();

    private void Stop()
    {
        _stopping.Cancel();
        _delays.Dispose();
        _probe.Dispose();
        _control?.Dispose();
    }

    private async Task RepeatAsync(TimeSpan interval, Func<Task> action)
    {
        using PeriodicTimer timer = new(interval, _time);
        try
        {
            do
            {
                await action().ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The node leaves.
        }
    }

    private async Task LookAsync()
    {
        (double milliseconds, string fault) = await _probe.MeasureAsync().ConfigureAwait(false);
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        HealthEvidence evidence = await GatherAsync(_delays.Take()).ConfigureAwait(false);
        Judge(evidence with { BusRoundTripMilliseconds = milliseconds, BusFault = fault });
    }

    private void Judge(HealthEvidence evidence)
    {
        lock (_judge)
        {
            // It may have begun to leave since it was looked at.
            evidence = evidence with { IsDraining = _node.IsLeaving };
            HealthVerdict before = Verdict;
            (Evidence, Verdict) = (evidence, _judge.Look(evidence));
            if (!Verdict.Reasons.Select(reason => reason.Code).SequenceEqual(before.Reasons.Select(reason => reason.Code)) || Verdict.IsAlive != before.IsAlive)
            {
                Log(Verdict);
            }
        }
    }

    private async Task<HealthEvidence> GatherAsync(double loopDelay)
    {
        long acceptErrors = _node.AcceptErrors;
        long newErrors = acceptErrors - Interlocked.Exchange(ref _acceptErrors, acceptErrors);
        (int up, IReadOnlyList<string> missing) = await LinksAsync().ConfigureAwait(false);
        return new HealthEvidence
        {
            IsDraining = _node.IsLeaving,
            LoopDelayMilliseconds = loopDelay,
            Headroom = NodeReporter.HeadroomOf(_node),
            RefusesNew = _node.Context.Governor.RefusesNew,
            Clients = _node.Reception.Admitted,
            MaxClients = _node.Options.Limits.MaxConnections,
            AcceptErrors = newErrors,
            LinksUp = up,
            LinksMissing = missing,
        };
    }

    private async Task<(int Up, IReadOnlyList<string> Missing)> LinksAsync()
    {
        try
        {
            MeshSnapshot? mesh = await _view.TakeAsync().ConfigureAwait(false);
            return mesh is null ? (0, []) : (
                mesh.Links.Count(link => link.State == LinkRow.Up),
                [.. mesh.Links.Where(link => link.State != LinkRow.Up).Select(link => $"{link.Peer.Name} {link.State}")
                    .Concat(mesh.Missing.Select(wanted => wanted.IsWan ? $"region {wanted.Region}" : wanted.Node ?? wanted.Address)).Distinct()]);
        }
        catch (TimeoutException)
        {
            // The delay of the loop of links tells of it.
            return (0, []);
        }
    }

    private async Task ReportAsync()
    {
        await _reporting.WaitAsync().ConfigureAwait(false);
        try
        {
            await _control!.ReportAsync(Verdict, Evidence).ConfigureAwait(false);
        }
        finally
        {
            _reporting.Release();
        }
    }

    private void Log(HealthVerdict verdict)
    {
        string status = $"{(verdict.IsAlive ? "" : "dead, ")}{verdict.Status}";
        if (verdict.Reasons.Count == 0)
        {
            HealthLog.Well(_log, status);
        }
        else
        {
            HealthLog.Ill(_log, status, string.Join("; ", verdict.Reasons.Select(reason => reason.Text).Concat(verdict.Deaths)));
        }
    }
}
