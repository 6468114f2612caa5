using System.Buffers.Binary;

namespace Causeway.Drill.Load.Accounting;

/// <summary>The beginning of every payload: the stream's id and the message's number, big-endian.</summary>
internal static class Numbering
{
    /// <summary>Bytes that it takes.</summary>
    public const int Bytes = sizeof(int) + sizeof(long);

    /// <summary>Writes it to the beginning of <paramref name="payload"/>.</summary>
    public static void Write(Span<byte> payload, int stream, long number)
    {
        BinaryPrimitives.WriteInt32BigEndian(payload, stream);
        BinaryPrimitives.WriteInt64BigEndian(payload[sizeof(int)..], number);
    }

    /// <summary>Reads it; false if <paramref name="payload"/> is too short to have it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out int stream, out long number)
    {
        (stream, number) = payload.Length < Bytes ? (0, 0) : (BinaryPrimitives.ReadInt32BigEndian(payload), BinaryPrimitives.ReadInt64BigEndian(payload[sizeof(int)..]));
        return payload.Length >= Bytes;
    }
}
