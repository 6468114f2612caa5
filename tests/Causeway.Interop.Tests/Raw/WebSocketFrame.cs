using System.Buffers.Binary;

namespace Causeway.Interop.Tests.Raw;

/// <summary>One frame of a WebSocket (RFC 6455, 5.2), right or wrong: every bit is as it is told to be.</summary>
public sealed record WebSocketFrame(WebSocketOpcode Opcode, byte[] Payload)
{
    private const int MaskBit = 0x80;

    private static readonly byte[] Mask = [0x37, 0xFA, 0x21, 0x3D];

    /// <summary>Whether it is the last of its message.</summary>
    public bool IsFinal { get; init; } = true;

    /// <summary>The three reserved bits, as a number.</summary>
    public int Reserved { get; init; }

    /// <summary>Whether it has a mask, as all frames of clients have.</summary>
    public bool IsMasked { get; init; } = true;

    /// <summary>Whether its length is written in 64 bits although fewer would do.</summary>
    public bool HasLongLength { get; init; }

    /// <summary>The length that it tells, where that is not the payload's.</summary>
    public long? ToldLength { get; init; }

    public byte[] ToBytes()
    {
        int mask = IsMasked ? MaskBit : 0;
        long told = ToldLength ?? Payload.Length;
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(length, told);
        byte[] head = HasLongLength || told is < 0 or > ushort.MaxValue ? [(byte)(mask | 127), .. length]
            : told > 125 ? [(byte)(mask | 126), .. length[6..]]
            : [(byte)(mask | (int)told)];
        byte first = (byte)((IsFinal ? 0x80 : 0) | (Reserved << 4) | (int)Opcode);
        return [first, .. head, .. IsMasked ? Mask : [], .. Payload.Select((value, at) => (byte)(IsMasked ? value ^ Mask[at % 4] : value))];
    }
}

/// <summary>What a frame is.</summary>
public enum WebSocketOpcode
{
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Close = 8,
    Ping = 9,
    Pong = 10,
}
