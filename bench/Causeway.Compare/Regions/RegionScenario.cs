namespace Causeway.Compare.Regions;

/// <summary>A scenario with several nodes: what it is called, what it is about, and how it runs on one kind of server.</summary>
internal sealed record RegionScenario(string Name, string Title, Func<Peer, RegionSettings, Task<RegionFigures>> Run);
