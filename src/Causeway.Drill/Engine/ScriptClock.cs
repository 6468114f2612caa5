using System.Globalization;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Engine;

/// <summary>Shows moments on a script's clock.</summary>
internal static class ScriptClock
{
    /// <summary>A time of day where the clock begins at one, else the time since the start.</summary>
    public static string Show(TimeOnly? startsAt, TimeSpan since) => startsAt is { } start
        ? start.Add(since).ToString("HH:mm:ss", CultureInfo.InvariantCulture)
        : ScriptText.Clock(since);
}
