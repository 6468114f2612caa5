namespace Causeway.Drill.Processes;

/// <summary>The signals that we send and see, by their numbers on Linux.</summary>
internal static class Signals
{
    public const int Abort = 6;
    public const int Kill = 9;
    public const int User2 = 12;
    public const int Terminate = 15;
}
