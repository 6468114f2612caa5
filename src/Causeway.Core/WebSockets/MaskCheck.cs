namespace Causeway.Core.WebSockets;

/// <summary>
/// Looks whether each frame that a client sends has a mask, without which a server has to end the connection (RFC 6455, 5.1): what has none
/// may have been written by a page, byte for byte, to look like something else to a proxy on the way. Reads no more of a frame than its head,
/// keeps no byte, and leaves all other rules to the codec behind it. One connection, one thread at a time.
/// </summary>
public sealed class MaskCheck
{
    /// <summary>What a client is told whose frame has no mask: nats-server's words.</summary>
    public const string Fault = "mask bit missing";

    private const int MaskBit = 0x80;
    private const int MaskBytes = 4;
    private const int Length16 = 126;
    private const int Length64 = 127;

    /// <summary>How many bytes of a frame's head were seen: the opcode, the mask bit with the short length, then the long length if there is one.</summary>
    private int _seen;
    private int _longLengthBytes;
    private ulong _length;

    /// <summary>Bytes of mask and payload up to the next frame.</summary>
    private ulong _rest;

    /// <summary>True if what was taken ends with the end of a frame.</summary>
    public bool IsBetweenFrames => _seen == 0 && _rest == 0;

    /// <summary>Takes the next bytes of the connection, cut anywhere; false once a frame has no mask, and then nothing more is to be taken.</summary>
    public bool TryTake(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_rest > 0)
            {
                int passed = (int)Math.Min(_rest, (ulong)bytes.Length);
                _rest -= (ulong)passed;
                bytes = bytes[passed..];
                continue;
            }

            if (!TryTakeHead(bytes[0]))
            {
                return false;
            }

            bytes = bytes[1..];
        }

        return true;
    }

    private bool TryTakeHead(byte next)
    {
        if (_seen == 1)
        {
            if ((next & MaskBit) == 0)
            {
                return false;
            }

            int length = next & ~MaskBit;
            _longLengthBytes = length switch { Length16 => 2, Length64 => 8, _ => 0 };
            _length = _longLengthBytes == 0 ? (ulong)length : 0;
        }
        else if (_seen > 1)
        {
            _length = (_length << 8) | next;
        }

        if (++_seen >= 2 && _seen == 2 + _longLengthBytes)
        {
            // A length whose first bit is set, which no frame may have, the codec refuses.
            _rest = (_length & long.MaxValue) + MaskBytes;
            _seen = 0;
        }

        return true;
    }
}
