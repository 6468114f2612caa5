using Causeway.Core.Protocol;

namespace Causeway.Core.Clients;

/// <summary>How a session ends over bytes that can't be read: some with a word, some without, as with nats-server.</summary>
internal static class ProtocolFault
{
    public static (CloseReason Reason, string? Error) Of(ParseStatus status) => status switch
    {
        ParseStatus.LineTooLong => (CloseReason.MaxControlLineExceeded, ProtocolError.LineTooLong),
        ParseStatus.PayloadTooLarge => (CloseReason.MaxPayloadExceeded, ProtocolError.PayloadTooLarge),
        ParseStatus.UnknownOperation => (CloseReason.ProtocolViolation, ProtocolError.UnknownOperation),
        _ => (CloseReason.ProtocolViolation, null),
    };
}
