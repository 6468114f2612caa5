namespace Causeway.Client;

/// <summary>The base of all errors that the bus or the way to it causes. Wrong arguments give an <see cref="ArgumentException"/> instead.</summary>
public class BusException : Exception
{
    /// <summary>Creates the exception with a message that says what went wrong.</summary>
    public BusException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a message that says what went wrong, and its cause.</summary>
    public BusException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}

/// <summary>No server could be reached, or the connection broke and what was waited for broke with it.</summary>
public sealed class BusConnectionException : BusException
{
    /// <inheritdoc/>
    public BusConnectionException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public BusConnectionException(string message, Exception? cause)
        : base(message, cause)
    {
    }
}

/// <summary>The server sent an error.</summary>
public sealed class ServerErrorException : BusException
{
    /// <summary>Creates the exception for the text of an <c>-ERR</c>.</summary>
    public ServerErrorException(string text)
        : base($"the server says: {text}") => Text = text;

    /// <summary>The server's text, as sent.</summary>
    public string Text { get; }
}

/// <summary>Nobody subscribes to the subject of a request: the server said so at once.</summary>
public sealed class NoRespondersException : BusException
{
    /// <summary>Creates the exception for a request's subject.</summary>
    public NoRespondersException(string subject)
        : base($"nobody responds on '{subject}'") => Subject = subject;

    /// <summary>The subject of the request.</summary>
    public string Subject { get; }
}

/// <summary>A message is larger than the server takes.</summary>
public sealed class PayloadTooLargeException : BusException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="bytes">The size of the message's headers and payload, in bytes.</param>
    /// <param name="bytesMax">What the server takes, in bytes.</param>
    public PayloadTooLargeException(long bytes, long bytesMax)
        : base($"a message of {bytes} bytes is larger than the {bytesMax} bytes that the server takes")
    {
        Bytes = bytes;
        BytesMax = bytesMax;
    }

    /// <summary>The size of the message's headers and payload, in bytes.</summary>
    public long Bytes { get; }

    /// <summary>What the server takes, in bytes.</summary>
    public long BytesMax { get; }
}
