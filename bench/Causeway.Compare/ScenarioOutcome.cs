namespace Causeway.Compare;

/// <summary>A scenario's rounds on each server, or why a server has none.</summary>
internal sealed class ScenarioOutcome(Scenario scenario) : Outcome(scenario.Name, scenario.Title)
{
    public Scenario Scenario { get; } = scenario;
}
