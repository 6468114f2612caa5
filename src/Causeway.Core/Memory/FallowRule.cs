namespace Causeway.Core.Memory;

/// <summary>
/// Says when the collector is to be made to give memory back to the system: where the process holds much more than its accounts do, and so much that
/// the governor sacrifices something for it. By itself the collector keeps what a flood once needed for a long time. Counts looks and holds no clock;
/// not thread-safe.
/// </summary>
public sealed class FallowRule
{
    /// <summary>Share of the process's limit that has to lie fallow: less is not worth a collection, which stops the process for as long as it takes.</summary>
    public const double FallowShare = 0.15;

    /// <summary>Looks from one collection to the next, five seconds of them at ten a second.</summary>
    public const int LooksBetween = 50;

    /// <summary>Looks after which what the last collection could not win is tried for again.</summary>
    public const int LooksToForget = 300;

    private long _collectedAt = long.MinValue / 2;
    private double _kept;

    /// <summary>True if a collection is due.</summary>
    /// <param name="look">The number of the look.</param>
    /// <param name="processShare">The process's resident memory as a share of what it may have.</param>
    /// <param name="heldShare">What its accounts hold, as a share of the same.</param>
    public bool IsDue(long look, double processShare, double heldShare)
    {
        long since = look - _collectedAt;
        double kept = since < LooksToForget ? _kept : 0;
        return since >= LooksBetween
            && processShare >= Governor.Threshold(GovernorStep.CloseSlowest) - Governor.Hysteresis
            && processShare - heldShare - kept >= FallowShare;
    }

    /// <summary>It was done, and this is left: what the process holds beside its accounts then is what it needs.</summary>
    public void Collected(long look, double processShare, double heldShare)
    {
        _collectedAt = look;
        _kept = Math.Max(0, processShare - heldShare);
    }
}
