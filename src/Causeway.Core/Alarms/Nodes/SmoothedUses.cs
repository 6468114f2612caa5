using Causeway.Core.Memory;

namespace Causeway.Core.Alarms.Nodes;

/// <summary>What is held for each use, without the noise of single looks, in bytes. Not thread-safe.</summary>
/// <param name="constant">The time constant.</param>
internal sealed class SmoothedUses(TimeSpan constant)
{
    private TimeSpan? _last;

    /// <summary>Bytes by use; replaced at each look.</summary>
    public IReadOnlyDictionary<MemoryUse, double> Bytes { get; private set; } = new Dictionary<MemoryUse, double>();

    public void Observe(TimeSpan elapsed, IReadOnlyList<UseReading> uses)
    {
        double share = _last is { } last ? 1 - Math.Exp(-Math.Max(0, (elapsed - last) / constant)) : 1;
        _last = elapsed;
        Bytes = uses.ToDictionary(use => use.Use, use => Bytes.TryGetValue(use.Use, out double before) ? before + (share * (use.Bytes - before)) : use.Bytes);
    }
}

/// <summary>Who held memory at an earlier time.</summary>
/// <param name="At">When.</param>
/// <param name="Holders">Who.</param>
/// <param name="Uses">What was held for each use, smoothed.</param>
internal sealed record MemoryPast(TimeSpan At, MemorySample Holders, IReadOnlyDictionary<MemoryUse, double> Uses);
