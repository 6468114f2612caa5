namespace Causeway.Bus.SystemBus;

/// <summary>What the events and answers of the system tenant may take.</summary>
internal static class SystemLimits
{
    /// <summary>Most events that wait to be published; further ones are dropped and counted.</summary>
    public const int MaxQueuedEvents = 4096;

    /// <summary>Most questions of clients about their own tenants that wait for an answer; who asks beyond is told that nobody answers, and counted.</summary>
    public const int MaxQueuedQuestions = 1024;

    /// <summary>Largest body of such a question; a larger one reads as options that are no JSON.</summary>
    public const int MaxQuestionBytes = 4096;

    /// <summary>Time from one report of numbers (STATSZ) to the next, as in nats-server.</summary>
    public static readonly TimeSpan StatsInterval = TimeSpan.FromSeconds(10);

    /// <summary>Time from one look at the connection, and at what waits, to the next.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>Time within which the node takes what is published.</summary>
    public static readonly TimeSpan PublishDeadline = TimeSpan.FromSeconds(2);

    /// <summary>Most time that leaving waits for the last events.</summary>
    public static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(1);
}
