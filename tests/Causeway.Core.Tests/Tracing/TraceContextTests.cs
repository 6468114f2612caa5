using System.Text;
using Causeway.Core.Tracing;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Tracing;

/// <summary>The header <c>traceparent</c>, in any block of headers.</summary>
public sealed class TraceContextTests
{
    private const string Good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    [Theory]
    [InlineData("traceparent: " + Good)]
    [InlineData("Traceparent:" + Good)]
    [InlineData("TRACEPARENT:   " + Good + "  ")]
    [InlineData("a: b\r\ntraceparent: " + Good + "\r\nc: d")]
    [InlineData("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff")]
    [InlineData("traceparent: cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes-later")]
    public void A_sampled_one_is_found(string headers)
    {
        Assert.True(TraceContext.TryReadSampled(Block(headers), out TraceContext context));
        Assert.Equal("4bf92f3577b34da6a3ce929d0e0e4736", context.TraceId);
        Assert.Equal(0x00f067aa0ba902b7ul, context.SpanId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tracestate: a=b")]
    [InlineData("xtraceparent: " + Good)]
    [InlineData("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")]
    [InlineData("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0")]
    [InlineData("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x")]
    [InlineData("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more")]
    [InlineData("traceparent: 00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01")]
    [InlineData("traceparent: 00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01")]
    [InlineData("traceparent: ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("traceparent: 00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    [InlineData("traceparent:")]
    public void Nothing_else_is(string headers) => Assert.False(TraceContext.TryReadSampled(Block(headers), out _));

    [Fact]
    public void Any_bytes_can_be_read() => Gen.Byte.Array[0, 200].Sample(bytes => Assert.False(TraceContext.TryReadSampled(bytes, out _)));

    [Fact]
    public void A_good_one_that_is_changed_in_one_place_is_read_as_something_or_nothing() =>
        Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Byte).Sample((at, with) =>
        {
            byte[] block = Block("traceparent: " + Good);
            block[^(Good.Length + 4 - at)] = with;
            _ = TraceContext.TryReadSampled(block, out _);
        });

    [Fact]
    public void The_rate_is_kept_and_what_is_over_it_is_counted()
    {
        RateLimit rate = new(3);

        bool[] first = [.. Enumerable.Range(0, 5).Select(i => rate.TryTake(1000 + i))];
        bool[] later = [.. Enumerable.Range(0, 4).Select(_ => rate.TryTake(2000))];
        bool afterJumpBack = rate.TryTake(10);

        Assert.Equal([true, true, true, false, false], first);
        Assert.Equal([true, true, true, false], later);
        Assert.True(afterJumpBack);
        Assert.Equal((7, 3), (rate.Taken, rate.Skipped));
    }

    private static byte[] Block(string headers) => Encoding.ASCII.GetBytes($"NATS/1.0\r\n{headers}\r\n\r\n");
}
