namespace Causeway.Core.Health;

/// <summary>Why a node is not simply ready. Immutable.</summary>
/// <param name="Code">The condition, in snake case.</param>
/// <param name="Makes">What it makes of the node.</param>
/// <param name="Text">What is the matter, in one line with numbers.</param>
public sealed record HealthReason(string Code, HealthStatus Makes, string Text);
