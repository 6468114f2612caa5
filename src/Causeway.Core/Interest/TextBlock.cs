using Causeway.Core.Subjects;

namespace Causeway.Core.Interest;

/// <summary>
/// The body of a block of texts: their number, whether they are compressed, and for each its flags and parts. A tenant is left out
/// when it is the default one.
/// </summary>
internal static class TextBlock
{
    /// <summary>Most bytes of a body before compression.</summary>
    public const int MaxRawBytes = InterestWire.MaxBlockBytes;

    private const byte IsPresent = 1;
    private const byte HasTenant = 2;
    private const byte HasQueue = 4;
    private const byte Plain = 0;
    private const byte Compressed = 1;

    // Under this, compression gains too little for its time.
    private const int LeastCompressedBytes = 256;

    // The number of texts and the kind.
    private const int HeaderBytes = 3;

    /// <summary>Writes as many of <paramref name="entries"/> as fit and returns their number; <paramref name="bytes"/> is what they take.</summary>
    public static int Write(ReadOnlySpan<TextEntry> entries, IBlockCompressor? compressor, Span<byte> scratch, Span<byte> destination, out int bytes)
    {
        WireWriter raw = new(scratch[..Math.Min(scratch.Length, destination.Length - HeaderBytes)]);
        int count = 0;
        foreach (TextEntry entry in entries)
        {
            int before = raw.Length;
            Write(ref raw, entry);
            if (raw.IsFull)
            {
                raw.BackTo(before);
                break;
            }

            count++;
        }

        WireWriter writer = new(destination);
        writer.Byte((byte)count);
        writer.Byte((byte)(count >> 8));
        int length = 0;
        if (compressor is not null && raw.Length >= LeastCompressedBytes)
        {
            length = compressor.TryCompress(scratch[..raw.Length], destination[HeaderBytes..]);
        }

        if (length > 0 && length < raw.Length)
        {
            writer.Byte(Compressed);
            writer.Skip(length);
        }
        else
        {
            writer.Byte(Plain);
            writer.Bytes(scratch[..raw.Length]);
        }

        bytes = writer.Length;
        return count;
    }

    /// <summary>
    /// Reads a body into <paramref name="entries"/>, with their positions by <paramref name="key"/>, and returns their number, or -1
    /// if it is malformed or an entry is not between <paramref name="from"/> and <paramref name="to"/> or out of order.
    /// </summary>
    public static int Read(
        ReadOnlySpan<byte> body, ulong from, ulong to, FingerprintKey key, IBlockCompressor? compressor, Span<byte> scratch, Span<TextEntry> entries)
    {
        WireReader reader = new(body);
        int count = reader.Byte() | (reader.Byte() << 8);
        byte kind = reader.Byte();
        if (reader.Failed || count > entries.Length || kind > Compressed)
        {
            return -1;
        }

        if (kind == Compressed)
        {
            int length = compressor?.TryDecompress(reader.Rest, scratch[..MaxRawBytes]) ?? 0;
            reader = new WireReader(scratch[..Math.Clamp(length, 0, MaxRawBytes)]);
        }

        ulong next = from;
        for (int i = 0; i < count; i++)
        {
            if (!TryRead(ref reader, out InterestText? text, out bool present))
            {
                return -1;
            }

            ulong position = InterestPosition.OfText(key.OfText(text!));
            if (position < next || position >= to)
            {
                return -1;
            }

            entries[i] = new TextEntry(text!, position, present);
            next = position + 1;
        }

        return reader.IsDone ? count : -1;
    }

    private static void Write(ref WireWriter writer, in TextEntry entry)
    {
        InterestText text = entry.Text;
        bool tenant = !text.Tenant.SequenceEqual(InterestText.DefaultTenant);
        writer.Byte((byte)((entry.Present ? IsPresent : 0) | (tenant ? HasTenant : 0) | (text.HasQueue ? HasQueue : 0)));
        if (tenant)
        {
            writer.Number((ulong)text.Tenant.Length);
            writer.Bytes(text.Tenant);
        }

        writer.Number((ulong)text.Subject.Length);
        writer.Bytes(text.Subject);
        if (text.HasQueue)
        {
            writer.Number((ulong)text.Queue.Length);
            writer.Bytes(text.Queue);
        }
    }

    private static bool TryRead(ref WireReader reader, out InterestText? text, out bool present)
    {
        byte flags = reader.Byte();
        present = (flags & IsPresent) != 0;
        ReadOnlySpan<byte> tenant = (flags & HasTenant) != 0 ? reader.Bytes(reader.Number(InterestText.MaxBytes)) : InterestText.DefaultTenant;
        ReadOnlySpan<byte> subject = reader.Bytes(reader.Number(InterestText.MaxBytes));
        ReadOnlySpan<byte> queue = (flags & HasQueue) != 0 ? reader.Bytes(reader.Number(InterestText.MaxBytes)) : default;
        bool valid = !reader.Failed && flags < 8 && Subject.IsValid(subject) && InterestText.Fits(tenant, subject, queue);
        text = valid ? new InterestText(tenant, subject, queue) : null;
        return valid;
    }
}
