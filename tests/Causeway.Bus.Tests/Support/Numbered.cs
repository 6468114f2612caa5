using System.Buffers.Binary;

namespace Causeway.Bus.Tests.Support;

/// <summary>
/// Payloads that tell who published them as what number, and whose every byte is known, so that a message that was cut, mixed or
/// misplaced can't pass.
/// </summary>
internal static class Numbered
{
    public const int LeastBytes = 12;

    public static void Write(Span<byte> payload, int publisher, long number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(payload, publisher);
        BinaryPrimitives.WriteInt64LittleEndian(payload[4..], number);
        byte filling = Filling(publisher, number);
        for (int i = LeastBytes; i < payload.Length; i++)
        {
            payload[i] = (byte)(filling + i);
        }
    }

    public static byte[] Payload(int publisher, long number, int size)
    {
        byte[] payload = new byte[size];
        Write(payload, publisher, number);
        return payload;
    }

    /// <summary>Reads a payload; throws if a byte of it is not what was written.</summary>
    public static (int Publisher, long Number) Read(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < LeastBytes)
        {
            throw new InvalidDataException($"a numbered payload of {payload.Length} bytes");
        }

        int publisher = BinaryPrimitives.ReadInt32LittleEndian(payload);
        long number = BinaryPrimitives.ReadInt64LittleEndian(payload[4..]);
        byte filling = Filling(publisher, number);
        for (int i = LeastBytes; i < payload.Length; i++)
        {
            if (payload[i] != (byte)(filling + i))
            {
                throw new InvalidDataException($"byte {i} of {payload.Length} of message {number} of publisher {publisher} is not what was sent");
            }
        }

        return (publisher, number);
    }

    private static byte Filling(int publisher, long number) => (byte)((publisher * 31) + (number * 7));
}
