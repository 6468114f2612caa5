using Causeway.Core.Delivery;
using Causeway.Core.Memory;
using Causeway.Core.Protocol;
using Causeway.Core.Routing;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Routing;

public sealed class MessageRewriterTests
{
    private readonly MemoryBudget _budget = new(1L << 30);
    private readonly MemoryAccount _account;
    private readonly MessageRewriter _rewriter;
    private Command _command;

    public MessageRewriterTests()
    {
        _account = _budget.Open("loop");
        _rewriter = new MessageRewriter(_account);
    }

    [Theory]
    [InlineData("PUB  a  007 \r\n1234567\r\n", "7\r\n1234567\r\n", null)]
    [InlineData("PUB a\tr\t0\n\r\n", "r 0\r\n\r\n", null)]
    [InlineData("HPUB a\tr  3\t5\r\nabcde\r\n", "r 3 5\r\nabcde\r\n", "r 2\r\nde\r\n")]
    [InlineData("HPUB a  3 5\r\nabcde\r\n", "3 5\r\nabcde\r\n", "2\r\nde\r\n")]
    [InlineData("HPUB a  5 5\r\n\r\nab\r\r\n", "5 5\r\n\r\nab\r\r\n", "0\r\n\r\n")]
    [InlineData("HPUB a r 0 2\r\nhi\r\n", "r 2\r\nhi\r\n", null)]
    public void A_tail_is_written_as_it_should_have_come(string sent, string canonical, string? withoutHeaders)
    {
        Message message = Rewrite(sent);
        Assert.Equal("a", Wire.Text(message.Subject));
        Assert.Equal(canonical, Wire.Text(message.Tail));
        Assert.Equal(withoutHeaders, message.HasHeaders ? Wire.Text(_rewriter.WithoutHeaders(message)) : null);
        Assert.Equal(canonical, Wire.Text(message.Tail));
    }

    [Fact]
    public void Its_buffers_grow_to_the_largest_message_and_are_booked()
    {
        Rewrite($"PUB a  100000\r\n{new string('x', 100_000)}\r\n");
        long held = _account.BytesOf(MemoryUse.Receive);
        Assert.InRange(held, 100_000, 100_100);
        Rewrite($"PUB a  50000\r\n{new string('x', 50_000)}\r\n");
        Assert.Equal(held, _account.Bytes);
        _rewriter.WithoutHeaders(Rewrite($"HPUB a 10 60000\r\n{new string('x', 60_000)}\r\n"));
        Assert.InRange(_account.Bytes, held + 59_990, held + 60_100);
        _rewriter.Clear();
        Assert.Equal(0, _account.Bytes);
        Assert.Equal("1\r\nx\r\n", Wire.Text(Rewrite("PUB a  1\r\nx\r\n").Tail));
        _rewriter.Clear();
        _rewriter.Clear();
        Assert.Equal(0, _account.Bytes);
    }

    /// <summary>The longest numbers and the longest reply fit the space that is set aside for them.</summary>
    [Fact]
    public void The_longest_line_fits()
    {
        string reply = new('r', 4000);
        string payload = new('x', 10_000_000);
        Assert.Equal($"{reply} 10000000 10000000\r\n{payload}\r\n", Wire.Text(Rewrite($"HPUB a  {reply} 10000000 10000000\r\n{payload}\r\n").Tail));
    }

    private Message Rewrite(string text)
    {
        byte[] data = Wire.Bytes(text);
        Assert.Equal(ParseStatus.Complete, CommandParser.TryRead(data, new Limits { MaxPayloadBytes = 1 << 26 }, true, ref _command));
        return _rewriter.Canonical(data, _command);
    }
}
