using Causeway.Core.Protocol;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Protocol;

public sealed class CommandParserLimitTests
{
    private static readonly Limits Small = new() { MaxControlLineBytes = 128, MaxPayloadBytes = 100 };

    public static TheoryData<string, string> Verbs => new()
    {
        { "PUB ", " 1" },
        { "HPUB ", " 0 1" },
        { "SUB ", " 1" },
        { "UNSUB ", " 1" },
        { "CONNECT", "{}" },
        { "PING", "" },
        { "PONG", "" },
        { "+OK", "" },
        { "-ERR ", "" },
        { "INFO ", "" },
    };

    [Theory]
    [MemberData(nameof(Verbs))]
    public void The_arguments_may_have_as_many_bytes_as_the_limit_says(string verb, string end)
    {
        string arguments = new string('a', 128 - end.Length) + end;
        Assert.Equal(ParseStatus.Complete, Read($"{verb}{arguments}\r\nx\r\n").Status);
        Assert.Equal(ParseStatus.Complete, Read($"{verb}{arguments}\nx\r\n").Status);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void One_byte_more_is_too_long(string verb, string end)
    {
        string arguments = new string('a', 129 - end.Length) + end;
        Assert.Equal(ParseStatus.LineTooLong, Read($"{verb}{arguments}\r\nx\r\n").Status);
        Assert.Equal(ParseStatus.LineTooLong, Read($"{verb}{arguments}\nx\r\n").Status);
        Assert.Equal(ParseStatus.LineTooLong, Read($"{verb}{arguments}{new string('a', 10_000)}\r\n").Status);
    }

    /// <summary>A line is refused before its end, or a client could have it grow without bound.</summary>
    [Theory]
    [MemberData(nameof(Verbs))]
    public void A_line_without_an_end_is_too_long_as_soon_as_no_end_could_save_it(string verb, string end)
    {
        string arguments = new string('a', 128 - end.Length) + end;
        Assert.Equal(ParseStatus.Incomplete, Read($"{verb}{arguments}").Status);
        Assert.Equal(ParseStatus.Incomplete, Read($"{verb}{arguments}\r").Status);
        Assert.Equal(ParseStatus.LineTooLong, Read($"{verb}{arguments}\rx").Status);
        Assert.Equal(ParseStatus.LineTooLong, Read($"{verb}{arguments}xx").Status);
    }

    [Fact]
    public void Inner_blanks_count_as_well()
    {
        Assert.Equal(ParseStatus.Complete, Read($"SUB a{new string(' ', 126)}1\r\n").Status);
        Assert.Equal(ParseStatus.LineTooLong, Read($"SUB a{new string(' ', 127)}1\r\n").Status);
    }

    [Theory]
    [InlineData("PUB a 100\r\n", 100, ParseStatus.Complete)]
    [InlineData("PUB a r 100\r\n", 100, ParseStatus.Complete)]
    [InlineData("HPUB a 50 100\r\n", 100, ParseStatus.Complete)]
    [InlineData("PUB a 101\r\n", 101, ParseStatus.PayloadTooLarge)]
    [InlineData("PUB a 101\r\n", 0, ParseStatus.PayloadTooLarge)]
    [InlineData("PUB  a 101\r\n", 0, ParseStatus.PayloadTooLarge)]
    [InlineData("PUB a 999999999\r\n", 100, ParseStatus.PayloadTooLarge)]
    [InlineData("HPUB a 50 101\r\n", 0, ParseStatus.PayloadTooLarge)]
    [InlineData("HPUB a 101 101\r\n", 0, ParseStatus.PayloadTooLarge)]
    public void Payloads_are_refused_by_their_line(string line, int payload, object expected)
    {
        Assert.Equal((ParseStatus)expected, Read($"{line}{new string('x', payload)}\r\n").Status);
    }

    [Fact]
    public void The_vectorised_path_knows_no_line_that_the_limit_forbids() => Assert.True(new Limits { MaxControlLineBytes = 127 }.Validate().Count > 0);

    [Fact]
    public void A_size_near_the_largest_number_does_not_overflow()
    {
        Limits large = new() { MaxPayloadBytes = int.MaxValue };
        byte[] data = Wire.Bytes("PUB a 999999999\r\n" + new string('x', 100));
        Command command = default;
        Assert.Equal(ParseStatus.Incomplete, CommandParser.TryRead(data, large, true, ref command));
        Assert.Equal(17 + 999_999_999 + 2, command.Length);
    }

    private static (ParseStatus Status, int Length) Read(string text)
    {
        Command command = default;
        ParseStatus status = CommandParser.TryRead(Wire.Bytes(text), Small, true, ref command);
        return (status, command.Length);
    }
}
