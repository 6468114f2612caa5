namespace Causeway.Core.Links;

/// <summary>
/// Notices that this node stood still itself, as all of a machine does that is paused or moved: from looks that come later than they
/// should. Who was not there can't blame others for their silence. Belongs to one thread.
/// </summary>
/// <param name="lookMilliseconds">Time from one look to the next.</param>
public sealed class OwnPause(long lookMilliseconds)
{
    /// <summary>Looks that are this late are still those of a busy machine.</summary>
    public const long LeastMilliseconds = 300;

    private long? _lookedAt;

    /// <summary>Looks at <paramref name="now"/>; gives for how long the node stood still since the last look, 0 if it did not.</summary>
    public long Look(long now)
    {
        long late = _lookedAt is { } last ? now - last - lookMilliseconds : 0;
        _lookedAt = now;
        return late >= LeastMilliseconds ? late : 0;
    }
}
