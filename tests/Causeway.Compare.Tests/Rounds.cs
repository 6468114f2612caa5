namespace Causeway.Compare.Tests;

/// <summary>Measurements for tests.</summary>
internal static class Rounds
{
    public static Measurement Of(params (Metric Metric, double Value)[] figures)
    {
        Measurement measurement = new();
        foreach ((Metric metric, double value) in figures)
        {
            measurement.Set(metric, value);
        }

        return measurement;
    }
}
