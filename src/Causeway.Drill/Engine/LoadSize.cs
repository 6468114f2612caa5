using Causeway.Drill.Load;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Engine;

/// <summary>Makes loads smaller or larger: what there is some of stays at one at least.</summary>
internal static class LoadSize
{
    public static LoadLevel Of(LoadLevel level, double size) => level with
    {
        Clients = Of(level.Clients, size),
        LocalMessagesPerSecond = level.LocalMessagesPerSecond * size,
        GlobalMessagesPerSecond = level.GlobalMessagesPerSecond * size,
        CallsPerSecond = level.CallsPerSecond * size,
        HeldSubscriptions = Of(level.HeldSubscriptions, size),
        ChurnPerSecond = level.ChurnPerSecond * size,
        StuckClients = Of(level.StuckClients, size),
    };

    public static LoadChange Of(LoadChange change, double size) => change with
    {
        Clients = Of(change.Clients, size),
        LocalMessagesPerSecond = change.LocalMessagesPerSecond * size,
        GlobalMessagesPerSecond = change.GlobalMessagesPerSecond * size,
        CallsPerSecond = change.CallsPerSecond * size,
        HeldSubscriptions = Of(change.HeldSubscriptions, size),
        ChurnPerSecond = change.ChurnPerSecond * size,
        StuckClients = Of(change.StuckClients, size),
    };

    private static int? Of(int? number, double size) => number is { } some ? Of(some, size) : null;

    private static int Of(int number, double size) => number == 0 ? 0 : (int)Math.Clamp(Math.Round(number * size), 1, int.MaxValue);
}
