namespace Causeway.Director.Status;

/// <summary>The words of the public status page. None of them names a node, an address, a subject or a client.</summary>
public static class StatusWords
{
    /// <summary>A component's name.</summary>
    public static string Component(string region) =>
        region.Length == 0 ? "Global Real Time Communication" : $"Regional Real Time Communication ({region})";

    /// <summary>A state's name.</summary>
    public static string State(ComponentState state) => state switch
    {
        ComponentState.Operational => "Operational",
        ComponentState.DegradedPerformance => "Degraded performance",
        ComponentState.PartialOutage => "Partial outage",
        _ => "Major outage",
    };

    /// <summary>A state's name in machine form: <c>degraded_performance</c>.</summary>
    public static string StateKey(ComponentState state) => state switch
    {
        ComponentState.Operational => "operational",
        ComponentState.DegradedPerformance => "degraded_performance",
        ComponentState.PartialOutage => "partial_outage",
        _ => "major_outage",
    };

    /// <summary>What the page says in one line when the worst component is in <paramref name="state"/>.</summary>
    public static string Overall(ComponentState state) => state switch
    {
        ComponentState.Operational => "All systems operational",
        ComponentState.DegradedPerformance => "Some systems have degraded performance",
        ComponentState.PartialOutage => "Some systems have a partial outage",
        _ => "Some systems have a major outage",
    };

    /// <summary>A phase's name.</summary>
    public static string Phase(IncidentPhase phase) => phase switch
    {
        IncidentPhase.Detected => "Detected",
        IncidentPhase.Identified => "Identified",
        IncidentPhase.Mitigated => "Mitigated",
        IncidentPhase.Recovered => "Recovered",
        _ => "Update",
    };

    /// <summary>An incident's title.</summary>
    public static string Title(Incident incident)
    {
        List<string> names = [.. incident.Affected.Select(component => Component(component.Region))];
        string where = names.Count switch
        {
            0 => "Real Time Communication",
            1 => names[0],
            2 => $"{names[0]} and {names[1]}",
            _ => $"{names[0]} and {names.Count - 1} more components",
        };
        return $"{State(incident.Impact)} of {where}";
    }

    internal static string Detected(IEnumerable<ComponentStatus> components) =>
        "The system has found a problem by its own measurements: " + string.Join("; ", components.Select(Is)) + ".";

    internal static string Changed(ComponentStatus component) => component.State == ComponentState.Operational
        ? $"{Component(component.Region)} is operational again."
        : Is(component) + ".";

    internal static string Identified(Trouble trouble) => trouble switch
    {
        Trouble.Capacity => "The cause is identified: the reserve of memory or of room for clients is running out.",
        Trouble.Servers => "The cause is identified: servers are lost or not ready.",
        Trouble.Links => "The cause is identified: connections between regions are impaired.",
        Trouble.Inside => "The cause is identified: connections between servers of a region are impaired.",
        Trouble.Load => "The cause is identified: a part of the load is more than its receivers can take.",
        Trouble.Maintenance => "The cause is identified: a region is under maintenance.",
        _ => "The cause is identified.",
    };

    internal const string Mitigated = "Measurements are improving. We keep watching until they have been good for a while.";

    internal const string Returned = "The problem is back.";

    internal const string Recovered = "All components are operational again.";

    private static string Is(ComponentStatus component) =>
        $"{Component(component.Region)} has {(component.State == ComponentState.DegradedPerformance ? "" : "a ")}{State(component.State).ToLowerInvariant()}";
}
