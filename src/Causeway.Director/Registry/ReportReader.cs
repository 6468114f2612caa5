using System.Text.Json;
using Causeway.Core.Control;
using Causeway.Core.Links;

namespace Causeway.Director.Registry;

/// <summary>What became of a message on a report subject.</summary>
public enum ReportResult
{
    /// <summary>It is news of a node.</summary>
    Taken,

    /// <summary>It is larger than <see cref="ReportLimits.MaxMessageBytes"/>.</summary>
    TooLarge,

    /// <summary>It was not sealed with the deployment's key for this subject, or not lately.</summary>
    Forged,

    /// <summary>It is sealed well and no report that can be read.</summary>
    Malformed,

    /// <summary>It is of another region or node than its subject says, or of none.</summary>
    Misplaced,

    /// <summary>A newer one of the node is known.</summary>
    Stale,

    /// <summary>There are too many nodes or regions.</summary>
    TooMany,
}

/// <summary>Opens and checks what comes on report subjects. Immutable.</summary>
/// <param name="key">The deployment's key.</param>
public sealed class ReportReader(DeploymentKey key)
{
    /// <summary>Reads <paramref name="message"/>, which came on <paramref name="subject"/>; the report is null unless the result is <see cref="ReportResult.Taken"/>.</summary>
    public ReportResult Read(string subject, DateTimeOffset now, ReadOnlySpan<byte> message, out NodeReport? report)
    {
        report = null;
        if (message.Length > ReportLimits.MaxMessageBytes)
        {
            return ReportResult.TooLarge;
        }

        if (!SealedMessage.TryOpen(key, subject, now, ReportLimits.MaxSealAge, message, out ReadOnlySpan<byte> body, out _))
        {
            return ReportResult.Forged;
        }

        NodeReport? read;
        try
        {
            read = JsonSerializer.Deserialize(body, ControlJson.Default.NodeReport);
        }
        catch (JsonException)
        {
            return ReportResult.Malformed;
        }

        if (read is null || !IsWhole(read))
        {
            return ReportResult.Malformed;
        }

        if (read.Region.Length == 0 || read.Node.Length == 0 || ControlSubjects.Report(read.Region, read.Node) != subject)
        {
            return ReportResult.Misplaced;
        }

        report = read;
        return ReportResult.Taken;
    }

    /// <summary>JSON can hold null where the type has none, and numbers that mean nothing.</summary>
    private static bool IsWhole(NodeReport report) =>
        report.Region is { Length: <= RegistryLimits.MaxNameCharacters }
        && report.Node is { Length: <= RegistryLimits.MaxNameCharacters }
        && report.Id is { Length: > 0 and <= RegistryLimits.MaxNameCharacters }
        && report.Version is not null
        && report.ClientAddress is not null
        && report.MonitoringUrl is not null
        && report.Clients >= 0
        && report.MaxClients >= 0
        && report.Reasons is { Count: <= ReportLimits.MaxReasons } && report.Reasons.All(reason => reason is not null)
        && report.Memory is { Uses: not null, LimitBytes: >= 0 } && double.IsFinite(report.Memory.Headroom)
        && report.Links is { Count: <= ReportLimits.MaxLinks } && report.Links.All(link => link is { Peer: not null, Region: not null, Kind: not null, State: not null, Direction: not null })
        && report.Alarms is { Count: <= ReportLimits.MaxAlarms } && report.Alarms.All(alarm => alarm is { Key: not null, Rule: not null, Subject: not null, Summary: not null, Cause: not null, Details: not null });
}
