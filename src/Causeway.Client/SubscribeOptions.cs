namespace Causeway.Client;

/// <summary>How a subscription behaves. Immutable.</summary>
public sealed record SubscribeOptions
{
    /// <summary>The queue group: each message goes to one member of the group only. Null (the default) for all messages.</summary>
    public string? QueueGroup { get; init; }

    /// <summary>The subscription ends by itself after this many received messages; null (the default) for no end. At least 1.</summary>
    public long? MessagesMax { get; init; }

    /// <summary>Messages that may wait for the reader. At least 1.</summary>
    public int PendingMessagesMax { get; init; } = ClientLimits.DefaultPendingMessagesMax;

    /// <summary>Bytes (subjects, headers, payloads) that may wait for the reader. At least 1; one message always may wait, whatever its size.</summary>
    public long PendingBytesMax { get; init; } = ClientLimits.DefaultPendingBytesMax;

    /// <summary>What happens to messages beyond the pending bounds.</summary>
    public SlowConsumerPolicy SlowConsumer { get; init; } = SlowConsumerPolicy.DropNewest;

    internal void Validate()
    {
        if (MessagesMax is { } max)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(max, 1, nameof(MessagesMax));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(PendingMessagesMax, 1, nameof(PendingMessagesMax));
        ArgumentOutOfRangeException.ThrowIfLessThan(PendingBytesMax, 1, nameof(PendingBytesMax));
        if (QueueGroup is not null && SubjectRules.QueueGroupProblem(QueueGroup) is { } problem)
        {
            throw new ArgumentException($"queue group '{QueueGroup}' {problem}", nameof(QueueGroup));
        }
    }
}

/// <summary>What a subscription does with messages that its reader is too slow for. Either way they are counted and an event is raised.</summary>
public enum SlowConsumerPolicy
{
    /// <summary>Drops the arriving message: what waits is delivered complete and in order.</summary>
    DropNewest,

    /// <summary>Drops the message that has waited longest: for readers that want the present rather than the past.</summary>
    DropOldest,
}
