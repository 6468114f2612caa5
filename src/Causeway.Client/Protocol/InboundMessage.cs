namespace Causeway.Client.Protocol;

/// <summary>A MSG or HMSG as it stands in the receive buffer.</summary>
internal readonly ref struct InboundMessage
{
    public required long Sid { get; init; }

    public required ReadOnlySpan<byte> Subject { get; init; }

    /// <summary>Empty where there is none.</summary>
    public required ReadOnlySpan<byte> ReplyTo { get; init; }

    /// <summary>The header block with its version line and final empty line; empty for MSG.</summary>
    public required ReadOnlySpan<byte> Headers { get; init; }

    public required ReadOnlySpan<byte> Payload { get; init; }
}
