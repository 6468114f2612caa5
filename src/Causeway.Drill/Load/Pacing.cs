namespace Causeway.Drill.Load;

/// <summary>Turns a rate into whole numbers: how many are due, the rest carried over. Belongs to one thread.</summary>
internal sealed class Pacing
{
    private double _due;

    /// <summary>How many are due after <paramref name="elapsed"/> at a rate of <paramref name="perSecond"/>.</summary>
    public int Due(double perSecond, TimeSpan elapsed)
    {
        double seconds = Math.Min(elapsed.TotalSeconds, LoadLimits.MaxCatchUp.TotalSeconds);
        _due = perSecond == 0 ? 0 : _due + (perSecond * seconds);
        int whole = (int)_due;
        _due -= whole;
        return whole;
    }
}
