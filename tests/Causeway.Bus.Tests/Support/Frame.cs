using System.Text;

namespace Causeway.Bus.Tests.Support;

internal enum FrameKind
{
    Message,
    Ok,
    Error,
    Ping,
    Pong,
    Info,

    /// <summary>The connection is over; <see cref="Frame.Text"/> is "reset" if it ended so.</summary>
    End,
}

/// <summary>One thing that a server sent.</summary>
internal sealed record Frame(FrameKind Kind, string Text)
{
    public static readonly Frame End = new(FrameKind.End, "");
    public static readonly Frame Reset = new(FrameKind.End, "reset");

    public string Subject { get; init; } = "";

    public string Sid { get; init; } = "";

    public string Reply { get; init; } = "";

    public byte[] Headers { get; init; } = [];

    public byte[] Payload { get; init; } = [];

    public string PayloadText => Encoding.UTF8.GetString(Payload);
}
