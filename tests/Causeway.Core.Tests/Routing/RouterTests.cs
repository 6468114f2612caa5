using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Routing;

public sealed class RouterTests
{
    private readonly TestNode _node = new();

    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "A", false)]
    [InlineData("a.*", "a.b", true)]
    [InlineData("a.*", "a", false)]
    [InlineData("a.*", "a.b.c", false)]
    [InlineData("*.b", "a.b", true)]
    [InlineData("a.>", "a", false)]
    [InlineData("a.>", "a.b", true)]
    [InlineData("a.>", "a.b.c.d", true)]
    [InlineData(">", "a", true)]
    [InlineData(">", "a.b.c", true)]
    [InlineData("*.*", "a.b", true)]
    [InlineData("a.*", "a.*", true)]
    [InlineData("a.b", "a.*", false)]
    [InlineData(">", ">", true)]
    [InlineData("*", ">", true)]
    [InlineData(">", "a..b", false)]
    [InlineData(">", ".a", false)]
    [InlineData(">", "a.", false)]
    [InlineData("*.*.*", "a..b", false)]
    [InlineData("$SYS.>", "$SYS.REQ.X", true)]
    [InlineData("\u00c3\u00a9.*", "\u00c3\u00a9.\u0000", true)]
    public void A_message_goes_where_its_subject_matches(string pattern, string subject, bool matches)
    {
        TestClient subscriber = _node.Connect();
        TestClient publisher = _node.Connect();
        subscriber.Send($"SUB {pattern} 7\r\n");
        publisher.Send($"PUB {subject} 2\r\nhi\r\n");
        subscriber.AssertReads(matches ? $"MSG {subject} 7 2\r\nhi\r\n" : "");
    }

    [Theory]
    [InlineData("PUB a 2\r\nhi\r\n", "MSG a 7 2\r\nhi\r\n")]
    [InlineData("PUB a reply 2\r\nhi\r\n", "MSG a 7 reply 2\r\nhi\r\n")]
    [InlineData("PUB a r..x 2\r\nhi\r\n", "MSG a 7 r..x 2\r\nhi\r\n")]
    [InlineData("PUB a .. 2\r\nhi\r\n", "MSG a 7 .. 2\r\nhi\r\n")]
    [InlineData("PUB  a \t reply  2 \r\nhi\r\n", "MSG a 7 reply 2\r\nhi\r\n")]
    [InlineData("PUB a\rreply\r2\nhi\r\n", "MSG a 7 reply 2\r\nhi\r\n")]
    [InlineData("PUB a 2\nhi\r\n", "MSG a 7 2\r\nhi\r\n")]
    [InlineData("PUB a 0\r\n\r\n", "MSG a 7 0\r\n\r\n")]
    [InlineData("HPUB a 12 14\r\nNATS/1.0\r\n\r\nhi\r\n", "HMSG a 7 12 14\r\nNATS/1.0\r\n\r\nhi\r\n")]
    [InlineData("HPUB a r 12 14\r\nNATS/1.0\r\n\r\nhi\r\n", "HMSG a 7 r 12 14\r\nNATS/1.0\r\n\r\nhi\r\n")]
    [InlineData("HPUB  a  r  12  14 \nNATS/1.0\r\n\r\nhi\r\n", "HMSG a 7 r 12 14\r\nNATS/1.0\r\n\r\nhi\r\n")]
    [InlineData("HPUB a 3 5\r\nabcde\r\n", "HMSG a 7 3 5\r\nabcde\r\n")]
    [InlineData("HPUB a 0 2\r\nhi\r\n", "MSG a 7 2\r\nhi\r\n")]
    [InlineData("HPUB a r 0 2\r\nhi\r\n", "MSG a 7 r 2\r\nhi\r\n")]
    [InlineData("HPUB a 2 2\r\nhi\r\n", "HMSG a 7 2 2\r\nhi\r\n")]
    public void A_message_arrives_byte_for_byte(string sent, string received)
    {
        TestClient subscriber = _node.Connect();
        TestClient listener = _node.Connect();
        subscriber.Send("SUB a 7\r\n");
        listener.Send("SUB * 7\r\n");
        _node.Connect().Send(sent);
        subscriber.AssertReads(received);
        listener.AssertReads(received);
    }

    [Theory]
    [InlineData("HPUB a 12 14\r\nNATS/1.0\r\n\r\nhi\r\n", "MSG a 7 2\r\nhi\r\n")]
    [InlineData("HPUB a r.1 12 14\r\nNATS/1.0\r\n\r\nhi\r\n", "MSG a 7 r.1 2\r\nhi\r\n")]
    [InlineData("HPUB a  r.1 \t12 14 \nNATS/1.0\r\n\r\nhi\r\n", "MSG a 7 r.1 2\r\nhi\r\n")]
    [InlineData("HPUB a 12 12\r\nNATS/1.0\r\n\r\n\r\n", "MSG a 7 0\r\n\r\n")]
    [InlineData("HPUB a 0 2\r\nhi\r\n", "MSG a 7 2\r\nhi\r\n")]
    [InlineData("PUB a 2\r\nhi\r\n", "MSG a 7 2\r\nhi\r\n")]
    public void A_receiver_without_headers_gets_the_payload_alone(string sent, string received)
    {
        TestClient plain = _node.Connect("\"headers\":false,\"no_responders\":false");
        TestClient silent = _node.Accept();
        plain.Send("SUB a 7\r\n");
        silent.Send("SUB * 7\r\n");
        silent.AssertReads("+OK\r\n");
        _node.Connect().Send(sent);
        plain.AssertReads(received);
        silent.AssertReads(received);
    }

    [Fact]
    public void Each_plain_subscription_gets_the_message_once()
    {
        TestClient first = _node.Connect();
        TestClient second = _node.Connect();
        first.Send("SUB a.b 1\r\nSUB a.b 2\r\nSUB a.* 3\r\nSUB > 4\r\n");
        second.Send("SUB a.b 1\r\n");
        second.Send("PUB a.b 1\r\nx\r\n");
        second.AssertReads("MSG a.b 1 1\r\nx\r\n");
        string[] got = first.Read().Split("\r\nx\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["MSG a.b 1 1", "MSG a.b 2 1", "MSG a.b 3 1", "MSG a.b 4 1"], got.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_client_without_echo_does_not_hear_itself_and_others_do()
    {
        TestClient mute = _node.Connect("\"echo\":false");
        TestClient other = _node.Connect();
        mute.Send("SUB a 1\r\nSUB a q 2\r\nSUB > 3\r\n");
        other.Send("SUB a 1\r\n");
        mute.Send("PUB a 1\r\nx\r\nPING\r\n");
        mute.AssertReads("PONG\r\n");
        other.AssertReads("MSG a 1 1\r\nx\r\n");
        other.Send("PUB a 1\r\ny\r\n");
        Assert.Equal(3, mute.Read().Split("\r\ny\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void Messages_of_one_publisher_keep_their_order()
    {
        TestClient subscriber = _node.Connect();
        TestClient publisher = _node.Connect();
        subscriber.Send("SUB a 1\r\n");
        string expected = "";
        for (int i = 0; i < 500; i++)
        {
            string payload = i.ToString(System.Globalization.CultureInfo.InvariantCulture);
            publisher.SendWithoutFlush(Wire.Bytes($"PUB a {payload.Length}\r\n{payload}\r\n"));
            expected += $"MSG a 1 {payload.Length}\r\n{payload}\r\n";
        }

        subscriber.AssertReads("");
        _node.Batch.Flush();
        subscriber.AssertReads(expected);
    }

    [Fact]
    public void A_batch_flushes_each_client_once()
    {
        TestClient subscriber = _node.Connect();
        subscriber.Send("SUB a 1\r\nSUB a 2\r\n");
        int before = subscriber.Flushes;
        _node.Connect().Send(string.Concat(Enumerable.Repeat("PUB a 1\r\nx\r\n", 50)));
        Assert.Equal(before + 1, subscriber.Flushes);
    }

    [Fact]
    public void Interest_is_gone_with_its_client()
    {
        TestClient subscriber = _node.Connect();
        subscriber.Send("SUB a 1\r\nSUB a.* 2\r\n");
        TestClient requester = _node.Connect();
        requester.Send("SUB r 1\r\nPUB a r 0\r\n\r\n");
        subscriber.AssertReads("MSG a 1 r 0\r\n\r\n");
        subscriber.Disconnect();
        requester.Send("PUB a r 0\r\n\r\nPUB a.b r 0\r\n\r\n");
        string none = "HMSG r 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n";
        requester.AssertReads(none + none);
    }

    [Fact]
    public void Traffic_is_counted_by_messages_and_their_bytes()
    {
        TestClient subscriber = _node.Connect();
        TestClient publisher = _node.Connect();
        subscriber.Send("SUB a 1\r\nSUB a 2\r\n");
        publisher.Send("PUB a 5\r\nhello\r\nHPUB a 12 14\r\nNATS/1.0\r\n\r\nhi\r\nPUB nobody 3\r\nabc\r\n");
        Assert.Equal((3, 22), (publisher.Session.InMessages, publisher.Session.InBytes));
        Assert.Equal((4, 38), (subscriber.Session.OutMessages, subscriber.Session.OutBytes));
        Assert.Equal((0, 0), (publisher.Session.OutMessages, publisher.Session.OutBytes));
    }
}
