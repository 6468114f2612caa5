using Causeway.Core.Alarms.Webhooks;

namespace Causeway.Alerting;

/// <summary>Who is told of alarms, besides those who look. Immutable.</summary>
public sealed record AlertingOptions
{
    /// <summary>Where to post alarms, as http or https addresses; a user and password in one are sent as basic authentication.</summary>
    public IReadOnlyList<Uri> Webhooks { get; init; } = [];

    /// <summary>The bounds of each webhook.</summary>
    public WebhookLimits WebhookLimits { get; init; } = new();

    /// <summary>The file that every change of an alarm is appended to; empty for none.</summary>
    public string IncidentFile { get; init; } = "";

    /// <summary>Size in bytes from which the file is put aside as FILE.1, in place of the one before it, and begun anew.</summary>
    public long MaxIncidentFileBytes { get; init; } = 16L * 1024 * 1024;
}
