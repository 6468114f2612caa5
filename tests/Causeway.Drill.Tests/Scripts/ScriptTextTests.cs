using Causeway.Drill.Scripts;
using Xunit;

namespace Causeway.Drill.Tests.Scripts;

public sealed class ScriptTextTests
{
    [Theory]
    [InlineData("90s", 90_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("500ms", 500)]
    [InlineData("1.5s", 1_500)]
    [InlineData("0", 0)]
    public void Times_are_read(string text, double milliseconds)
    {
        Assert.True(ScriptText.TryTime(text, out TimeSpan time));
        Assert.Equal(milliseconds, time.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("5 s")]
    [InlineData("-5s")]
    [InlineData("5d")]
    [InlineData("25h")]
    [InlineData("1.s")]
    public void What_is_no_time_is_refused(string text) => Assert.False(ScriptText.TryTime(text, out _));

    [Theory]
    [InlineData("64KiB", 65_536)]
    [InlineData("1.5MiB", 1_572_864)]
    [InlineData("2MB", 2_000_000)]
    [InlineData("65_536", 65_536)]
    public void Bytes_are_read(string text, long bytes)
    {
        Assert.True(ScriptText.TryBytes(text, out long read));
        Assert.Equal(bytes, read);
    }

    [Theory]
    [InlineData("64kib")]
    [InlineData("KiB")]
    [InlineData("-1")]
    [InlineData("99999GiB")]
    public void What_is_no_number_of_bytes_is_refused(string text) => Assert.False(ScriptText.TryBytes(text, out _));

    [Theory]
    [InlineData(0.35, "350 ms")]
    [InlineData(12.5, "12.5 s")]
    [InlineData(1080, "18 min")]
    public void Times_are_written_with_their_unit(double seconds, string text) => Assert.Equal(text, ScriptText.Span(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(512, "512 B")]
    [InlineData(65_536, "64 KiB")]
    [InlineData(402_653_184, "384 MiB")]
    [InlineData(3_221_225_472, "3 GiB")]
    public void Bytes_are_written_with_their_unit(double bytes, string text) => Assert.Equal(text, ScriptText.Bytes(bytes));
}
