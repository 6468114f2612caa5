namespace Causeway.Compare;

/// <summary>
/// A figure to reach: a ratio to the reference server's, or an amount. <see cref="AtLeast"/> tells on which side.
/// </summary>
internal sealed record Target(Metric Metric, double Limit, bool AtLeast, bool IsRatio)
{
    public static Target RatioAtLeast(Metric metric, double limit) => new(metric, limit, AtLeast: true, IsRatio: true);

    public static Target RatioAtMost(Metric metric, double limit) => new(metric, limit, AtLeast: false, IsRatio: true);

    public static Target AmountAtMost(Metric metric, double limit) => new(metric, limit, AtLeast: false, IsRatio: false);

    /// <summary>Whether it is reached, or null where a figure is missing.</summary>
    public bool? Met(Measurement? own, Measurement? reference)
    {
        double? value = own?[Metric];
        if (IsRatio)
        {
            value /= reference?[Metric];
        }

        return value is { } reached ? (AtLeast ? reached >= Limit : reached <= Limit) : null;
    }
}
