using Causeway.Drill.Load;

namespace Causeway.Drill.Scripts;

/// <summary>Reads what clients of a region do.</summary>
internal static class LoadReader
{
    /// <summary>What stands where a load is expected, for error lines.</summary>
    public const string Accepted = "keys such as clients, local, global, calls, held, churn, stuck, payload";

    /// <summary>A whole level: what is not named is none.</summary>
    public static LoadLevel Level(ScriptSection section)
    {
        LoadChange change = Change(section);
        section.End();
        return change.Apply(new LoadLevel());
    }

    /// <summary>A change: what is not named stays.</summary>
    public static LoadChange Change(ScriptSection section) => new()
    {
        Clients = section.Optional("clients", ValueKinds.Whole(0, LoadLimits.MaxClients)),
        LocalMessagesPerSecond = section.Optional("local", ValueKinds.PerSecond),
        GlobalMessagesPerSecond = section.Optional("global", ValueKinds.PerSecond),
        CallsPerSecond = section.Optional("calls", ValueKinds.PerSecond),
        HeldSubscriptions = section.Optional("held", ValueKinds.Whole(0, LoadLimits.MaxHeldSubscriptions)),
        ChurnPerSecond = section.Optional("churn", ValueKinds.PerSecond),
        StuckClients = section.Optional("stuck", ValueKinds.Whole(0, LoadLimits.MaxStuckClients)),
        PayloadBytes = section.Optional("payload", ValueKinds.Whole(64, LoadLimits.MaxPayloadBytes)),
    };
}
