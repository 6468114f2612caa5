using System.Text;
using Causeway.Client.Delivery;
using Causeway.Client.Protocol;

namespace Causeway.Client.Rpc.Wire;

/// <summary>Takes a subscription's messages apart for RPC, on the link's reader.</summary>
internal sealed class RpcSink(RpcReceiver receive, Action<Exception?> end, Action unreadable, Action? delivered = null) : IMessageSink
{
    private readonly WordCache _known = new();

    public void Deliver(in InboundMessage message)
    {
        if (HeaderBlock.IsNobodyResponds(message))
        {
            receive(new RpcMessage { Subject = message.Subject, IsNobody = true });
        }
        else if (RpcHeaderText.TryRead(message.Headers, _known, out RpcHeader header) && RpcSubjects.MayBeRepliedTo(message.ReplyTo))
        {
            receive(new RpcMessage { Subject = message.Subject, ReplyTo = message.ReplyTo, Header = header, Payload = message.Payload });
        }
        else
        {
            unreadable();
        }
    }

    public void Delivered() => delivered?.Invoke();

    public void End(Exception? error) => end(error);
}

/// <summary>Takes a message; must not block.</summary>
internal delegate void RpcReceiver(in RpcMessage message);

/// <summary>A message of RPC in the receive buffer.</summary>
internal ref struct RpcMessage
{
    public ReadOnlySpan<byte> Subject;

    /// <summary>Empty where there is none.</summary>
    public ReadOnlySpan<byte> ReplyTo;

    // A field, as it is large and would be copied each time.
    public RpcHeader Header;

    public ReadOnlySpan<byte> Payload;

    /// <summary>The bus's word that nobody subscribes to what was sent; then there is no header.</summary>
    public bool IsNobody;

    public readonly string? ReplyText => ReplyTo.IsEmpty ? null : Encoding.UTF8.GetString(ReplyTo);
}
