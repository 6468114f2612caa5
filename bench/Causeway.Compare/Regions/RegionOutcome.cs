namespace Causeway.Compare.Regions;

/// <summary>A scenario's figures on each server, or why a server has none.</summary>
internal sealed record RegionOutcome(RegionScenario Scenario)
{
    public Dictionary<string, RegionFigures> Figures { get; } = [];

    public Dictionary<string, string> Failures { get; } = [];

    /// <summary>The names of all figures, in order.</summary>
    public IEnumerable<string> Names => Figures.Values.SelectMany(figures => figures.All.Select(figure => figure.Name)).Distinct();
}
