using Causeway.Core.Interest;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Interest;

public sealed class InterestBlockTests
{
    private static readonly Gen<ulong[]> Entries =
        from bits in Gen.Int[1, FingerprintKey.Bits]
        from raw in Gen.ULong.Array[0, 1500]
        select raw.Select(value => ((value & ((1UL << bits) - 1)) << 1) | (value >> 63)).DistinctBy(entry => entry >> 1).Order().ToArray();

    [Fact]
    public void Literals_are_read_as_written() => Gen.Select(Entries, Gen.Bool, Gen.Int[3, 8192]).Sample((entries, changes, room) =>
    {
        byte[] body = new byte[room];
        int count = LiteralBlock.Write(entries, 0, changes, body, out int bytes);
        Assert.InRange(count, room > 8000 ? entries.Length : 0, entries.Length);
        LiteralBlock.Reader reader = new(body.AsSpan(0, bytes), 0, InterestPosition.LiteralEnd, changes);
        for (int i = 0; i < count; i++)
        {
            Assert.True(reader.TryRead(out ulong fingerprint, out bool present));
            Assert.Equal(entries[i], (fingerprint << 1) | (changes ? present ? 1u : 0u : entries[i] & 1));
        }

        Assert.False(reader.TryRead(out _, out _));
        Assert.False(reader.IsMalformed || reader.IsShort || reader.HasMore);
        Assert.Equal(InterestPosition.LiteralEnd, reader.ReadTo);
    });

    [Fact]
    public void A_block_that_was_cut_yields_what_arrived() => Gen.Select(Entries, Gen.Double.Unit).Sample((entries, share) =>
    {
        byte[] body = new byte[8192];
        LiteralBlock.Write(entries, 0, true, body, out int bytes);
        LiteralBlock.Reader reader = new(body.AsSpan(0, (int)(bytes * share)), 0, InterestPosition.LiteralEnd, true);
        ulong next = 0;
        int count = 0;
        while (reader.TryRead(out ulong fingerprint, out bool present))
        {
            Assert.Equal(entries[count++], (fingerprint << 1) | (present ? 1u : 0u));
            next = fingerprint + 1;
        }

        Assert.False(reader.IsMalformed);
        Assert.True(reader.IsShort || count == entries.Length);
        Assert.Equal(reader.IsShort ? next : InterestPosition.LiteralEnd, reader.ReadTo);
    });

    [Fact]
    public void Any_bytes_are_read_or_refused() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.ULong, Gen.ULong, Gen.Bool).Sample((body, from, to, changes) =>
        {
            LiteralBlock.Reader reader = new(body, from >> 23, to >> 23, changes);
            ulong next = from >> 23;
            int count = 0;
            while (reader.TryRead(out ulong fingerprint, out _))
            {
                Assert.InRange(fingerprint, next, (to >> 23) - 1);
                next = fingerprint + 1;
                count++;
            }

            Assert.InRange(count, 0, InterestWire.MostLiterals);
            byte[] scratch = new byte[InterestWire.MaxBlockBytes];
            TextBlock.Read(body, InterestPosition.TextStart, InterestPosition.End, TestInterest.Key, new DeflateCompressor(), scratch, new TextEntry[64]);
        });

    [Fact]
    public void Texts_are_read_as_written() => Gen.Select(Gen.Int[0, 150], Gen.Int[200, 8192], Gen.Bool).Sample((number, room, compressed) =>
    {
        TextEntry[] entries = [.. Enumerable.Range(number, number)
            .Select(i => new TextEntry(TestInterest.Text(i), InterestPosition.OfText(TestInterest.Key.OfText(TestInterest.Text(i))), i % 2 == 0))
            .OrderBy(entry => entry.Position)];
        byte[] body = new byte[room];
        byte[] scratch = new byte[InterestWire.MaxBlockBytes];
        DeflateCompressor? compressor = compressed ? new DeflateCompressor() : null;
        int count = TextBlock.Write(entries, compressor, scratch, body, out int bytes);
        Assert.InRange(count, room > 8000 ? entries.Length : 0, entries.Length);
        TextEntry[] read = new TextEntry[InterestWire.MostTexts];
        Assert.Equal(count, TextBlock.Read(
            body.AsSpan(0, bytes), InterestPosition.TextStart, InterestPosition.End, TestInterest.Key, compressor, scratch, read));
        Assert.Equal(entries.Take(count), read.Take(count));
    }, iter: 100);

    [Fact]
    public void The_longest_text_fits_into_a_block()
    {
        InterestText text = new("t"u8, TestInterest.Bytes(new string('s', InterestText.MaxBytes - 2)), "q"u8);
        TextEntry[] entries = [new(text, InterestPosition.OfText(TestInterest.Key.OfText(text)), true)];
        byte[] scratch = new byte[InterestWire.MaxBlockBytes];
        Assert.Equal(1, TextBlock.Write(entries, null, scratch, new byte[InterestWire.MaxBlockBytes - 64], out _));
        Assert.Throws<ArgumentException>(() => new InterestText("t"u8, new byte[InterestText.MaxBytes]));
        Assert.Throws<ArgumentException>(() => new InterestText("t"u8, ""u8));
    }
}
