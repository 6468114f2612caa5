using Causeway.Cli.Parsing;
using Causeway.Core.Alarms;

namespace Causeway.Cli.Drills;

/// <summary>
/// The thresholds of growth for nodes of a drill. A clock that goes faster has an incident grow faster, so what is measured over a minute
/// and foreseen for half an hour is measured and foreseen on the same clock; what is about round trips is left as it is. A process takes as long to
/// start whatever the script's clock does, and a drill's clients are there within seconds.
/// </summary>
internal static class ScaledAlarms
{
    private static readonly TimeSpan LeastWindow = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeastExhaustion = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<string> Arguments(double timeScale)
    {
        AlarmLimits usual = new();
        return
        [
            "--alarm-growth-window", Scaled(usual.GrowthWindow, LeastWindow, timeScale),
            "--alarm-exhaustion-time", Scaled(usual.ExhaustionTime, LeastExhaustion, timeScale),
            "--alarm-warm-up", new Duration(WarmUp).ToString(),
        ];
    }

    private static string Scaled(TimeSpan time, TimeSpan least, double timeScale) =>
        new Duration(TimeSpan.FromMilliseconds(Math.Round(Math.Max(least.TotalMilliseconds, time.TotalMilliseconds / timeScale)))).ToString();
}
