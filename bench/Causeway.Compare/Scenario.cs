namespace Causeway.Compare;

/// <summary>One row of the comparison: a load, the same for all servers, and what to reach.</summary>
internal sealed record Scenario(string Name, string Title, ScenarioGroup Group, ClientKind Client, string[] Arguments, Target[] Targets);
