using System.Text.Json;
using Causeway.Alerting;
using Causeway.Bus.Alarms;
using Causeway.Bus.Nodes;
using Causeway.Core.Alarms;
using Causeway.Core.Alarms.Webhooks;
using Causeway.Core.Control;

namespace Causeway.Bus.Monitoring;

/// <summary><c>/alarmz</c>: the alarms that are open with their causes, what happened last (<c>?limit=</c>), who is told, and the thresholds.</summary>
internal sealed class AlarmzPage(BusNode node)
{
    private const int DefaultRecent = 50;
    private const int MaxRecent = 10_000;

    public void Write(Utf8JsonWriter json, PageQuery query)
    {
        int limit = Math.Clamp(query.Number("limit", DefaultRecent), 0, MaxRecent);
        AlarmWatch alarms = node.Alarms;
        json.WriteStartObject();
        json.WriteString("server_id", node.Info.ServerId);
        json.WriteString("now", DateTime.UtcNow);
        json.WriteString("node", node.Info.ServerName);
        json.WriteString("region", node.Options.Links?.Region);
        json.WriteNumber("suppressed", alarms.Engine.Suppressed);
        json.WriteNumber("forgotten", alarms.Engine.Log.Forgotten);
        json.WriteStartArray("open");
        foreach (AlarmReport alarm in alarms.Engine.Open)
        {
            JsonSerializer.Serialize(json, alarm, ControlJson.Default.AlarmReport);
        }

        json.WriteEndArray();
        json.WriteStartArray("recent");
        foreach (AlarmChange change in alarms.Engine.Log.Recent(limit))
        {
            JsonSerializer.Serialize(json, change, AlarmJson.Default.AlarmChange);
        }

        json.WriteEndArray();
        WriteOutlets(json, alarms.Outlets);
        WriteLimits(json, alarms.Limits);
        json.WriteEndObject();
    }

    private static void WriteOutlets(Utf8JsonWriter json, AlarmOutlets outlets)
    {
        json.WriteStartArray("webhooks");
        foreach (WebhookSender webhook in outlets.Webhooks)
        {
            WebhookCounters counters = webhook.Counters;
            json.WriteStartObject();
            json.WriteString("receiver", webhook.Name);
            json.WriteNumber("deliveries", counters.Delivered);
            json.WriteNumber("failures", counters.Failed);
            json.WriteNumber("refused", counters.Refused);
            json.WriteNumber("coalesced", counters.Coalesced);
            json.WriteNumber("dropped", counters.Dropped);
            json.WriteNumber("waiting", counters.Waiting);
            json.WriteString("last_failure", webhook.LastFailure);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("incident_log");
        json.WriteBoolean("enabled", outlets.File is not null);
        json.WriteNumber("lines", outlets.File?.Written ?? 0);
        json.WriteNumber("lost", outlets.File?.Lost ?? 0);
        json.WriteString("last_failure", outlets.File?.LastFailure ?? "");
        json.WriteEndObject();
    }

    /// <summary>The thresholds by which alarms open, close and become critical.</summary>
    private static void WriteLimits(Utf8JsonWriter json, AlarmLimits limits)
    {
        json.WriteStartObject("limits");
        json.WriteNumber("level_open_share", limits.LevelOpenShare);
        json.WriteNumber("level_close_share", limits.LevelCloseShare);
        json.WriteNumber("level_critical_share", limits.LevelCriticalShare);
        json.WriteNumber("baseline_times", limits.BaselineTimes);
        json.WriteNumber("baseline_close_times", limits.BaselineCloseTimes);
        json.WriteNumber("least_share", limits.LeastShare);
        json.WriteNumber("exhaustion_seconds", limits.ExhaustionTime.TotalSeconds);
        json.WriteNumber("exhaustion_close_seconds", limits.ExhaustionCloseTime.TotalSeconds);
        json.WriteNumber("exhaustion_critical_seconds", limits.ExhaustionCriticalTime.TotalSeconds);
        json.WriteNumber("growth_window_seconds", limits.GrowthWindow.TotalSeconds);
        json.WriteNumber("warm_up_seconds", limits.WarmUp.TotalSeconds);
        json.WriteNumber("lag_open_seconds", limits.LagOpenTime.TotalSeconds);
        json.WriteNumber("lag_close_seconds", limits.LagCloseTime.TotalSeconds);
        json.WriteNumber("lag_critical_seconds", limits.LagCriticalTime.TotalSeconds);
        json.WriteNumber("backlog_open_bytes", limits.BacklogOpenBytes);
        json.WriteNumber("backlog_close_bytes", limits.BacklogCloseBytes);
        json.WriteNumber("stall_seconds", limits.StallHold.TotalSeconds);
        json.WriteNumber("round_trip_times", limits.RoundTripTimes);
        json.WriteNumber("round_trip_close_times", limits.RoundTripCloseTimes);
        json.WriteNumber("round_trip_least_rise_ms", limits.RoundTripLeastRiseMilliseconds);
        json.WriteNumber("unconverged_seconds", limits.UnconvergedHold.TotalSeconds);
        json.WriteNumber("slow_consumers_open", limits.SlowConsumersOpen);
        json.WriteNumber("slow_consumers_critical", limits.SlowConsumersCritical);
        json.WriteNumber("slow_consumers_window_seconds", limits.SlowConsumerWindow.TotalSeconds);
        json.WriteNumber("loop_delay_open_ms", limits.LoopDelayOpenTime.TotalMilliseconds);
        json.WriteNumber("loop_delay_close_ms", limits.LoopDelayCloseTime.TotalMilliseconds);
        json.WriteNumber("loop_delay_critical_ms", limits.LoopDelayCriticalTime.TotalMilliseconds);
        json.WriteNumber("open_hold_seconds", limits.OpenHold.TotalSeconds);
        json.WriteNumber("close_hold_seconds", limits.CloseHold.TotalSeconds);
        json.WriteEndObject();
    }
}
