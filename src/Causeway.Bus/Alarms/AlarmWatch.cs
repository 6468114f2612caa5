using Causeway.Alerting;
using Causeway.Bus.Nodes;
using Causeway.Core.Alarms;
using Causeway.Core.Alarms.Nodes;
using Causeway.Core.Control;
using Microsoft.Extensions.Logging;

namespace Causeway.Bus.Alarms;

/// <summary>
/// Looks at a node once a second, on no event loop's thread: takes a reading, has the rules and the engine judge it, logs what opened
/// and closed, and tells the outlets.
/// </summary>
internal sealed class AlarmWatch : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxEndTime = TimeSpan.FromSeconds(3);

    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly NodeReader _reader;
    private readonly Lock _judging = new();
    private NodeRules _rules;
    private readonly CancellationTokenSource _ended = new();
    private readonly long _made;
    private Task _looking = Task.CompletedTask;

    /// <summary>Throws IOException or UnauthorizedAccessException if the incident file can't be had.</summary>
    public AlarmWatch(BusNode node, TimeProvider time, ILogger log)
    {
        _time = time;
        _log = log;
        Limits = node.Options.AlarmLimits;
        Engine = new AlarmEngine(Limits);
        _rules = new NodeRules(Limits);
        _reader = new NodeReader(node, time);
        _made = time.GetTimestamp();
        Outlets = new AlarmOutlets(node.Options.Alerting, node.Info.ServerName, node.Options.Links?.Region ?? "", node.Options.AlarmPageUrl, time);
    }

    public AlarmLimits Limits { get; private set; }

    public AlarmEngine Engine { get; }

    public AlarmOutlets Outlets { get; }

    /// <summary>
    /// Other thresholds hold and others are told, from the next look on. Where thresholds differ, baselines and growth are measured anew.
    /// Throws IOException or UnauthorizedAccessException, with nothing changed, if the incident file can't be had.
    /// </summary>
    public void Change(AlarmLimits limits, AlertingOptions alerting)
    {
        lock (_judging)
        {
            Outlets.Change(alerting);
            if (limits != Limits)
            {
                Limits = limits;
                Engine.SetLimits(limits);
                _rules = new NodeRules(limits);
            }
        }
    }

    /// <summary>Begins to look.</summary>
    public void Start() => _looking = Task.Run(LookOnAsync);

    /// <summary>Ends looking, and telling within a bounded time.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        _looking.Wait(MaxEndTime);
        _reader.Dispose();
        Outlets.Dispose();
    }

    private async Task LookOnAsync()
    {
        using PeriodicTimer timer = new(Period, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_ended.Token).ConfigureAwait(false))
            {
                await LookAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task LookAsync()
    {
        try
        {
            NodeReading reading = await _reader.ReadAsync().WaitAsync(_ended.Token).ConfigureAwait(false);
            TimeSpan elapsed = _time.GetElapsedTime(_made);
            lock (_judging)
            {
                IReadOnlyList<AlarmChange> changes = Engine.Evaluate(elapsed, _time.GetUtcNow(), _rules.Look(elapsed, reading));
                foreach (AlarmChange change in changes)
                {
                    Log(change);
                }

                Outlets.Tell(changes);
            }
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // A defect here must not end the watch: that would be a node that can't say why.
            AlarmLog.LookFailed(_log, fault.Message, fault);
        }
    }

    private void Log(AlarmChange change)
    {
        AlarmReport alarm = change.Alarm;
        switch (change.Kind)
        {
            case AlarmChangeKind.Opened:
                AlarmLog.Opened(_log, alarm.Key, alarm.Severity == AlarmSeverity.Critical ? "critical" : "warning", alarm.Summary, alarm.Cause);
                break;
            case AlarmChangeKind.Worsened:
                AlarmLog.Worsened(_log, alarm.Key, alarm.Summary, alarm.Cause);
                break;
            default:
                AlarmLog.Closed(_log, alarm.Key, Math.Round((alarm.ClosedAt!.Value - alarm.OpenedAt).TotalSeconds, 1));
                break;
        }
    }
}
