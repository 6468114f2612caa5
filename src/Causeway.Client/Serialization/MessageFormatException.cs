namespace Causeway.Client.Serialization;

/// <summary>The payload of a received message is no value of the type that its reader expects.</summary>
public sealed class MessageFormatException : BusException
{
    internal MessageFormatException(string subject, Type type, Exception cause)
        : base($"a message on '{subject}' is no {type.Name}: {cause.Message}", cause) => Subject = subject;

    /// <summary>The subject of the message.</summary>
    public string Subject { get; }
}
