using Causeway.Core.Interest;
using Xunit;

namespace Causeway.Core.Tests.Interest;

public sealed class FingerprintKeyTests
{
    /// <summary>The vectors of the reference implementation: key 00 to 0f, inputs 00, 00 01, and so on.</summary>
    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x74f839c593dc67fd)]
    [InlineData(7, 0xab0200f58b01d137)]
    [InlineData(8, 0x93f5f5799a932462)]
    [InlineData(15, 0xa129ca6149be45e5)]
    public void The_hash_is_SipHash_2_4(int length, ulong expected)
    {
        byte[] input = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
        for (int cut = 0; cut <= length; cut++)
        {
            SipHash hash = new(0x0706050403020100, 0x0f0e0d0c0b0a0908);
            hash.Append(input.AsSpan(0, cut));
            hash.Append(input.AsSpan(cut));
            Assert.Equal(expected, hash.Finish());
        }
    }

    [Fact]
    public void Tenant_literal_and_key_all_count()
    {
        FingerprintKey other = new(new byte[16]);
        ulong[] fingerprints =
        [
            TestInterest.Key.Of("a"u8, "bc"u8), TestInterest.Key.Of("ab"u8, "c"u8), TestInterest.Key.Of("a"u8, "bd"u8), other.Of("a"u8, "bc"u8),
        ];
        Assert.Equal(4, fingerprints.Distinct().Count());
        Assert.All(fingerprints, fingerprint => Assert.True(fingerprint < InterestPosition.LiteralEnd));
    }

    [Fact]
    public void All_parts_of_a_text_count()
    {
        InterestText[] texts = [new("a"u8, "b"u8), new("a"u8, "b"u8, "c"u8), new("b"u8, "b"u8), new("a"u8, "c"u8)];
        Assert.Equal(4, texts.Select(TestInterest.Key.OfText).Distinct().Count());
        Assert.Equal(TestInterest.Key.OfText(texts[0]), TestInterest.Key.OfText(new InterestText("a"u8, "b"u8)));
    }

    [Fact]
    public void A_secret_of_another_length_is_refused() => Assert.Throws<ArgumentException>(() => new FingerprintKey(new byte[15]));
}
