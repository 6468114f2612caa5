using System.Text;
using Causeway.Client.Rpc.Wire;

namespace Causeway.Client.Tests.Rpc.Wire;

/// <summary>A wire that keeps what is sent, read back from the header's text, and has room or not as the test says.</summary>
internal sealed class RecordedWire : IRpcWire
{
    public bool HasRoom { get; set; } = true;

    public List<Sent> All { get; } = [];

    public Sent Last => All[^1];

    public bool TrySend(string subject, string? replyTo, in RpcHeader header, ReadOnlySpan<byte> payload)
    {
        if (HasRoom)
        {
            All.Add(new Sent(subject, replyTo, Carried(header), payload.ToArray()));
        }

        return HasRoom;
    }

    /// <summary>A header as the other side reads it.</summary>
    public static RpcHeader Carried(in RpcHeader header) =>
        RpcHeaderText.TryRead(Block(RpcHeaderText.Write(header)), new WordCache(), out RpcHeader read) ? read : throw new InvalidOperationException($"unreadable: {header}");

    public static byte[] Block(string text) => Encoding.UTF8.GetBytes($"NATS/1.0\r\nOther: 1\r\n{RpcHeaderText.Name}: {text}\r\nLast: x\r\n\r\n");

    internal sealed record Sent(string Subject, string? ReplyTo, RpcHeader Header, byte[] Payload)
    {
        /// <summary>The message as it arrives.</summary>
        public RpcMessage Arriving =>
            new() { Subject = Encoding.UTF8.GetBytes(Subject), ReplyTo = Encoding.UTF8.GetBytes(ReplyTo ?? string.Empty), Header = Header, Payload = Payload };
    }
}
