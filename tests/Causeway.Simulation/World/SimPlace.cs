namespace Causeway.Simulation.World;

/// <summary>Where a node lives: it may die there and another come up.</summary>
internal sealed record SimPlace(string Name, string Region, string Address, IReadOnlyList<string> Seeds, IReadOnlyList<(string Region, string Address)> Remotes);
