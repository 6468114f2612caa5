using Causeway.Core.Alarms;
using Causeway.Core.Alarms.Webhooks;

namespace Causeway.Alerting;

/// <summary>All that are told of changes of alarms: webhooks and the incident file. Telling never waits. Thread-safe.</summary>
public sealed class AlarmOutlets : IDisposable
{
    /// <summary>Opens what <paramref name="options"/> name. Throws IOException or UnauthorizedAccessException if the file can't be had.</summary>
    /// <param name="options">Who is to be told.</param>
    /// <param name="source">Who tells: the node's name, or the director's.</param>
    /// <param name="region">The teller's region; may be empty.</param>
    /// <param name="url">A page where people can look; may be empty.</param>
    /// <param name="time">The clock of pauses and timeouts.</param>
    public AlarmOutlets(AlertingOptions options, string source, string region, string url, TimeProvider time)
    {
        File = options.IncidentFile.Length > 0 ? new IncidentFile(options.IncidentFile, options.MaxIncidentFileBytes) : null;
        AlertmanagerPayload payload = new(source, region, url);
        Webhooks = [.. options.Webhooks.Select(webhook => new WebhookSender(webhook, payload, options.WebhookLimits, time, new Random()))];
    }

    /// <summary>The incident file; null without one.</summary>
    public IncidentFile? File { get; }

    /// <summary>The receivers.</summary>
    public IReadOnlyList<WebhookSender> Webhooks { get; }

    /// <summary>Tells everybody.</summary>
    public void Tell(IReadOnlyList<AlarmChange> changes)
    {
        File?.Add(changes);
        foreach (WebhookSender webhook in Webhooks)
        {
            webhook.Send(changes);
        }
    }

    /// <summary>Ends all of it.</summary>
    public void Dispose()
    {
        foreach (WebhookSender webhook in Webhooks)
        {
            webhook.Dispose();
        }

        File?.Dispose();
    }
}
