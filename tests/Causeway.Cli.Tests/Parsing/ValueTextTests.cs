using Causeway.Cli.Parsing;
using CsCheck;
using Xunit;

namespace Causeway.Cli.Tests.Parsing;

public sealed class ValueTextTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("65536", 65536)]
    [InlineData("200_000", 200_000)]
    [InlineData("1B", 1)]
    [InlineData("64KiB", 65536)]
    [InlineData("64k", 65536)]
    [InlineData("1KB", 1000)]
    [InlineData("1MB", 1_000_000)]
    [InlineData("64MiB", 67_108_864)]
    [InlineData("64mib", 67_108_864)]
    [InlineData("1.5GiB", 1_610_612_736)]
    [InlineData("2TiB", 2_199_023_255_552)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Byte_sizes_are_read(string text, long expected)
    {
        Assert.True(ByteSize.TryRead(text, out ByteSize size));
        Assert.Equal(expected, size.Bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("abc")]
    [InlineData("MiB")]
    [InlineData("1 MiB")]
    [InlineData("1MiBs")]
    [InlineData("0.5")]
    [InlineData("1.2.3")]
    [InlineData("1_")]
    [InlineData("1.")]
    [InlineData(".5K")]
    [InlineData("1e3")]
    [InlineData("9223372036854775808")]
    [InlineData("9999999999TiB")]
    [InlineData("11111111111111111111111111111111111111111111111111")]
    public void Other_texts_are_no_byte_sizes(string text) => Assert.False(ByteSize.TryRead(text, out _));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("500ms", 500_0000)]
    [InlineData("2s", 2_000_0000)]
    [InlineData("1.5m", 90_000_0000)]
    [InlineData("1m30s", 90_000_0000)]
    [InlineData("1h2m3s4ms5us", 3723_004_0050)]
    [InlineData("1d", 86_400_000_0000)]
    [InlineData("2S", 2_000_0000)]
    public void Durations_are_read(string text, long ticks)
    {
        Assert.True(Duration.TryRead(text, out Duration duration));
        Assert.Equal(ticks, duration.Time.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("-2s")]
    [InlineData("s")]
    [InlineData("2 s")]
    [InlineData("2sec")]
    [InlineData("1m30")]
    [InlineData("999999999999d")]
    [InlineData("10000000d10000000d")]
    public void Other_texts_are_no_durations(string text) => Assert.False(Duration.TryRead(text, out _));

    [Theory]
    [InlineData("1000", 1000)]
    [InlineData("10k", 10_000)]
    [InlineData("1.5M", 1_500_000)]
    [InlineData("2G", 2_000_000_000)]
    public void Counts_are_read(string text, long expected)
    {
        Assert.True(Count.TryRead(text, out Count count));
        Assert.Equal(expected, count.Value);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("1T")]
    [InlineData("ten")]
    public void Other_texts_are_no_counts(string text) => Assert.False(Count.TryRead(text, out _));

    [Theory]
    [InlineData("1000", 1000)]
    [InlineData("0.5", 0.5)]
    [InlineData("10k/s", 10_000)]
    public void Rates_are_read(string text, double expected)
    {
        Assert.True(Rate.TryRead(text, out Rate rate));
        Assert.Equal(expected, rate.PerSecond);
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        Gen.Long[0, long.MaxValue].Sample(bytes =>
            ByteSize.TryRead(new ByteSize(bytes).ToString(), out ByteSize back) && back.Bytes == bytes);
        Gen.Int[0, 50].Select(Gen.Int[1, 900]).Sample((shift, times) =>
            ByteSize.TryRead(new ByteSize((long)times << shift).ToString(), out ByteSize back) && back.Bytes == (long)times << shift);
        Gen.Long[0, TimeSpan.MaxValue.Ticks].Sample(ticks =>
            Duration.TryRead(new Duration(TimeSpan.FromTicks(ticks)).ToString(), out Duration back) && back.Time.Ticks == ticks);
        Gen.Long[0, long.MaxValue].Sample(count => Count.TryRead(new Count(count).ToString(), out Count back) && back.Value == count);
    }

    [Fact]
    public void No_text_makes_a_reader_throw()
    {
        Gen<string> texts = Gen.OneOf(Gen.String, Gen.Char["0123456789.KMGkmgibsuhd_ -"].Array[0, 12].Select(chars => new string(chars)));
        texts.Sample(text =>
        {
            _ = ByteSize.TryRead(text, out _);
            _ = Duration.TryRead(text, out _);
            _ = Count.TryRead(text, out _);
            _ = Rate.TryRead(text, out _);
        });
    }

    [Theory]
    [InlineData("abc", "--limit: 'abc' can't be read; accepted is a number of bytes, alone or with KiB, MiB, GiB (1024) or KB, MB, GB (1000), from 1KiB to 1GiB")]
    [InlineData("1023", "--limit: '1023' is too small; accepted is a number of bytes, alone or with KiB, MiB, GiB (1024) or KB, MB, GB (1000), from 1KiB to 1GiB")]
    [InlineData("2GiB", "--limit: '2GiB' is too large; accepted is a number of bytes, alone or with KiB, MiB, GiB (1024) or KB, MB, GB (1000), from 1KiB to 1GiB")]
    public void A_range_says_what_was_wrong_and_what_is_accepted(string text, string expected)
    {
        ValueRange<ByteSize> range = new(new ByteSize(1024), new ByteSize(1 << 30));

        Assert.False(range.TryRead("--limit", text, out _, out string error));
        Assert.Equal(expected, error);
    }
}
