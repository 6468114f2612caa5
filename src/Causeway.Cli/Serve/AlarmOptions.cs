using System.CommandLine;
using Causeway.Alerting;
using Causeway.Cli.Parsing;
using Causeway.Client;
using Causeway.Core.Alarms;

namespace Causeway.Cli.Serve;

/// <summary>
/// The options of <c>causeway serve</c> that say when alarms open and who is told. The thresholds for closing and for being critical
/// follow from those for opening.
/// </summary>
internal sealed class AlarmOptions
{
    private const string WebhookVariable = "CAUSEWAY_ALARM_WEBHOOK";
    private const int MaxWebhooks = 16;

    private static readonly AlarmLimits Defaults = new();
    private static readonly AlertingOptions AlertingDefaults = new();

    private readonly Option<Count> _level = ServeOptions.Number("--alarm-level", "Percent of the memory budget from which an alarm opens", (long)Math.Round(Defaults.LevelOpenShare * 100), 6, 100);
    private readonly Option<Count> _baselineTimes = ServeOptions.Number("--alarm-baseline-times", "How many times its baseline a use of memory has to reach for an alarm", (long)Defaults.BaselineTimes, 2, 1000);
    private readonly Option<Duration> _exhaustion = ServeOptions.Time("--alarm-exhaustion-time", "Time to exhaustion, at the present growth, below which an alarm opens", Defaults.ExhaustionTime);
    private readonly Option<Duration> _growthWindow = ServeOptions.Time("--alarm-growth-window", "Time over which growth is measured for --alarm-exhaustion-time", Defaults.GrowthWindow);
    private readonly Option<Duration> _warmUp = ServeOptions.Time("--alarm-warm-up", "Time from the node's start in which growth opens no alarm", Defaults.WarmUp);
    private readonly Option<Duration> _lag = ServeOptions.Time("--alarm-link-lag", "Time for which a node may not know of a change of interest before an alarm opens", Defaults.LagOpenTime);
    private readonly Option<ByteSize> _backlog = ServeOptions.Size("--alarm-link-backlog", "Bytes of messages waiting for a link from which an alarm opens", Defaults.BacklogOpenBytes, 4096, 1L << 40);
    private readonly Option<Duration> _stall = ServeOptions.Time("--alarm-link-stall", "Time for which a link has to be silent or down, or a region out of reach, for an alarm", Defaults.StallHold);
    private readonly Option<Count> _roundTrip = ServeOptions.Number("--alarm-link-rtt", "Percent of its usual round trip that a link's has to reach for an alarm", (long)Math.Round(Defaults.RoundTripTimes * 100), 110, 100_000);
    private readonly Option<Duration> _roundTripRise = ServeOptions.Time("--alarm-link-rtt-rise", "Least rise of a round trip above the usual that is worth an alarm", TimeSpan.FromMilliseconds(Defaults.RoundTripLeastRiseMilliseconds));
    private readonly Option<Duration> _unconverged = ServeOptions.Time("--alarm-unconverged", "Time for which what a node or region asks for may be incomplete here before an alarm opens", Defaults.UnconvergedHold);
    private readonly Option<Duration> _loopDelay = ServeOptions.Time("--alarm-loop-delay", "Time that an event loop takes to take a task from which an alarm opens", Defaults.LoopDelayOpenTime);
    private readonly Option<Count> _slowConsumers = ServeOptions.Number("--alarm-slow-consumers", "Slow consumers closed within a minute from which an alarm opens", Defaults.SlowConsumersOpen, 1, 1_000_000);
    private readonly Option<string[]> _webhooks = new("--alarm-webhook")
    {
        Description = $"Address that alarms are posted to, in the format of Alertmanager's webhooks; once for each receiver [env: {WebhookVariable}, separated by blanks]",
        HelpName = "url",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(WebhookVariable)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [],
    };

    private readonly Option<string> _incidentLog = ServeOptions.Text("--incident-log", "File that every alarm that opens or closes is appended to, a line of JSON each", "", _ => null);
    private readonly Option<ByteSize> _incidentLogSize = ServeOptions.Size("--incident-log-size", "Size from which the incident log is put aside as FILE.1 and begun anew", AlertingDefaults.MaxIncidentFileBytes, 4096, 1L << 40);

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[
            _level, _baselineTimes, _exhaustion, _growthWindow, _warmUp, _lag, _backlog, _stall, _roundTrip, _roundTripRise, _unconverged,
            _slowConsumers, _loopDelay])
        {
            command.Options.Add(option);
        }

        AddOutletsTo(command);
    }

    /// <summary>Adds those only that say who is told of alarms.</summary>
    public void AddOutletsTo(Command command)
    {
        command.Options.Add(_webhooks);
        command.Options.Add(_incidentLog);
        command.Options.Add(_incidentLogSize);
    }

    /// <summary>The thresholds; adds a line to <paramref name="faults"/> for each that does not fit.</summary>
    public AlarmLimits Read(ParseResult result, List<string> faults)
    {
        double level = result.GetValue(_level).Value / 100.0;
        double times = result.GetValue(_baselineTimes).Value;
        TimeSpan exhaustion = result.GetValue(_exhaustion).Time;
        TimeSpan window = result.GetValue(_growthWindow).Time;
        TimeSpan lag = result.GetValue(_lag).Time;
        long backlog = result.GetValue(_backlog).Bytes;
        double roundTrip = result.GetValue(_roundTrip).Value / 100.0;
        TimeSpan loopDelay = result.GetValue(_loopDelay).Time;
        int slow = (int)result.GetValue(_slowConsumers).Value;
        AlarmLimits limits = Defaults with
        {
            LevelOpenShare = level,
            LevelCloseShare = level - (Defaults.LevelOpenShare - Defaults.LevelCloseShare),
            LevelCriticalShare = Math.Max(level, Defaults.LevelCriticalShare),
            BaselineTimes = times,
            BaselineCloseTimes = Math.Max(1.1, times * 2 / 3),
            ExhaustionTime = exhaustion,
            ExhaustionCloseTime = exhaustion * 2,
            ExhaustionCriticalTime = exhaustion / 3,
            GrowthWindow = window,
            GrowthHold = window / 3,
            SwingTime = window * 10,
            WarmUp = result.GetValue(_warmUp).Time,
            LagOpenTime = lag,
            LagCloseTime = lag / 5,
            LagCriticalTime = lag * 6,
            BacklogOpenBytes = backlog,
            BacklogCloseBytes = backlog / 4,
            StallHold = result.GetValue(_stall).Time,
            RoundTripTimes = roundTrip,
            RoundTripCloseTimes = Math.Max(1.05, roundTrip * Defaults.RoundTripCloseTimes / Defaults.RoundTripTimes),
            RoundTripLeastRiseMilliseconds = result.GetValue(_roundTripRise).Time.TotalMilliseconds,
            UnconvergedHold = result.GetValue(_unconverged).Time,
            LoopDelayOpenTime = loopDelay,
            LoopDelayCloseTime = loopDelay / 5,
            LoopDelayCriticalTime = loopDelay * 4,
            SlowConsumersOpen = slow,
            SlowConsumersCritical = slow * 10,
        };
        faults.AddRange(limits.Validate());
        return limits;
    }

    /// <summary>Who is told; adds a line to <paramref name="faults"/> for each that can't be.</summary>
    public AlertingOptions ReadAlerting(ParseResult result, List<string> faults)
    {
        string[] webhooks = result.GetValue(_webhooks)!;
        if (webhooks.Length > MaxWebhooks)
        {
            faults.Add($"--alarm-webhook: {webhooks.Length} receivers; accepted are up to {MaxWebhooks}");
        }

        List<Uri> urls = [];
        foreach (string webhook in webhooks)
        {
            if (Uri.TryCreate(webhook, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" && url.Host.Length > 0)
            {
                urls.Add(url);
            }
            else
            {
                faults.Add($"--alarm-webhook: '{UrlSecrets.Hide(webhook)}' is no address; accepted is http://host:port/path or https://...");
            }
        }

        string file = result.GetValue(_incidentLog)!;
        CheckFile(file, faults);
        return new AlertingOptions { Webhooks = urls, IncidentFile = file, MaxIncidentFileBytes = result.GetValue(_incidentLogSize).Bytes };
    }

    private static void CheckFile(string file, List<string> faults)
    {
        try
        {
            if (file.Length > 0)
            {
                using FileStream stream = new(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            faults.Add($"--incident-log: '{file}' can't be written: {fault.Message}");
        }
    }
}
