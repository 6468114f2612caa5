using Causeway.Drill.Load;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Engine;

/// <summary>How a region's load goes from one level to another. Immutable.</summary>
internal sealed record LoadRamp(LoadLevel From, LoadChange Change, TimeSpan At, TimeSpan Over)
{
    /// <summary>One that stays.</summary>
    public static LoadRamp Flat(LoadLevel level) => new(level, new LoadChange(), TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>The level at a moment.</summary>
    public LoadLevel LevelAt(TimeSpan at) => Change.Apply(From, Over <= TimeSpan.Zero ? 1 : Math.Clamp((at - At) / Over, 0, 1));

    /// <summary>The next one, which begins where this one is then.</summary>
    public LoadRamp Then(LoadChange change, TimeSpan at, TimeSpan over) => new(LevelAt(at), change, at, over);
}
