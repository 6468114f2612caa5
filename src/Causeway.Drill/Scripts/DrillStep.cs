namespace Causeway.Drill.Scripts;

/// <summary>Something that happens at a moment of a drill. Immutable.</summary>
/// <param name="At">When, on the script's clock, since its start.</param>
/// <param name="Note">What the story says of it; null for nothing.</param>
/// <param name="Action">What is done; null for a note alone.</param>
internal sealed record DrillStep(TimeSpan At, string? Note, StepAction? Action);
