namespace Causeway.Compare.Clients;

/// <summary>A client that is compared: its name, its version, and how its program is started, before the arguments of <see cref="LoadPlan"/>.</summary>
internal sealed record ClientProgram(string Name, string Version, IReadOnlyList<string> Command)
{
    public const string CausewayName = "Causeway.Client";
    public const string LibnatsName = "libnats";
    public const string NatsJsName = "nats.js";

    /// <summary>The names of all, in the order of the report; others are measured against the first.</summary>
    public static IReadOnlyList<string> Names { get; } = [CausewayName, LibnatsName, NatsJsName];
}
