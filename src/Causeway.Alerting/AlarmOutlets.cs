using Causeway.Core.Alarms;
using Causeway.Core.Alarms.Webhooks;

namespace Causeway.Alerting;

/// <summary>All that are told of changes of alarms: webhooks and the incident file. Telling never waits. Thread-safe.</summary>
public sealed class AlarmOutlets : IDisposable
{
    private readonly AlertmanagerPayload _payload;
    private readonly TimeProvider _time;
    private AlertingOptions _options;
    private IncidentFile? _file;
    private IReadOnlyList<(Uri Url, WebhookSender Sender)> _webhooks;

    /// <summary>Opens what <paramref name="options"/> name. Throws IOException or UnauthorizedAccessException if the file can't be had.</summary>
    /// <param name="options">Who is to be told.</param>
    /// <param name="source">Who tells: the node's name, or the director's.</param>
    /// <param name="region">The teller's region; may be empty.</param>
    /// <param name="url">A page where people can look; may be empty.</param>
    /// <param name="time">The clock of pauses and timeouts.</param>
    public AlarmOutlets(AlertingOptions options, string source, string region, string url, TimeProvider time)
    {
        _payload = new AlertmanagerPayload(source, region, url);
        _time = time;
        _options = options;
        _file = OpenFile(options);
        _webhooks = [.. options.Webhooks.Select(webhook => (webhook, Sender(webhook)))];
    }

    /// <summary>The incident file; null without one.</summary>
    public IncidentFile? File => Volatile.Read(ref _file);

    /// <summary>The receivers.</summary>
    public IReadOnlyList<WebhookSender> Webhooks => [.. Volatile.Read(ref _webhooks).Select(webhook => webhook.Sender)];

    /// <summary>
    /// Has others told from now on. Receivers that stay go on with what waits for them; what waits for those that go is given up. Not
    /// while <see cref="Tell"/> runs. Throws IOException or UnauthorizedAccessException, with nothing changed, if the file can't be had.
    /// </summary>
    public void Change(AlertingOptions options)
    {
        IncidentFile? before = _file;
        bool otherFile = options.IncidentFile != _options.IncidentFile || options.MaxIncidentFileBytes != _options.MaxIncidentFileBytes;
        IncidentFile? file = otherFile ? OpenFile(options) : before;
        _options = options;
        Volatile.Write(ref _file, file);
        if (otherFile)
        {
            before?.Dispose();
        }

        IReadOnlyList<(Uri Url, WebhookSender Sender)> there = _webhooks;
        Volatile.Write(ref _webhooks, [.. options.Webhooks.Select(url => there.FirstOrDefault(webhook => webhook.Url == url) is { Sender: not null } stays ? stays : (url, Sender(url)))]);
        foreach ((_, WebhookSender gone) in there.Except(_webhooks))
        {
            gone.Dispose();
        }
    }

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

    private static IncidentFile? OpenFile(AlertingOptions options) =>
        options.IncidentFile.Length > 0 ? new IncidentFile(options.IncidentFile, options.MaxIncidentFileBytes) : null;

    private WebhookSender Sender(Uri url) => new(url, _payload, _options.WebhookLimits, _time, new Random());
}
