using Causeway.Core.Clients;
using Causeway.Core.Memory;
using Causeway.Core.Tests.Support;
using Causeway.Core.Tracing;
using Xunit;

namespace Causeway.Core.Tests.Routing;

/// <summary>From received bytes to sent ones no message allocates anything, once the buffers have their size.</summary>
public sealed class SteadyStateAllocationTests(ITestOutputHelper output)
{
    private const int WarmUpMessages = 60_000;
    private const int Messages = 100_000;
    private const int PerRead = 100;

    // A table or the runtime may grow once in a hundred thousand messages; a message may not.
    private const long MostBytes = 1024;

    private readonly TestNode _node = new();
    private ulong _clients = 1;

    public static TheoryData<string, string, string> Flows => new()
    {
        { "literal", "SUB a.b 1", "PUB a.b 16\r\n0123456789abcdef\r\n" },
        { "many subscribers", "SUB a.b 1\r\nSUB a.b 2\r\nSUB a.b 3\r\nSUB a.b 4", "PUB a.b 16\r\n0123456789abcdef\r\n" },
        { "pattern", "SUB a.> 1\r\nSUB *.b 2", "PUB a.b 16\r\n0123456789abcdef\r\n" },
        { "queue", "SUB a.b q 1\r\nSUB a.* q 2\r\nSUB a.b p 3", "PUB a.b 16\r\n0123456789abcdef\r\n" },
        { "reply", "SUB a.b 1", "PUB a.b _INBOX.abc.1 16\r\n0123456789abcdef\r\n" },
        { "headers", "SUB a.b 1", "HPUB a.b 12 14\r\nNATS/1.0\r\n\r\nhi\r\n" },
        { "odd blanks", "SUB a.b 1", "PUB  a.b\t2 \r\nhi\r\n" },
        { "LF", "SUB a.b 1", "PUB a.b 2\nhi\r\n" },
        { "nobody", "SUB x 1", "PUB a.b 2\r\nhi\r\n" },
        { "larger than the vector's window", "SUB > 1", $"PUB {new string('a', 100)} 2\r\nhi\r\n" },
        { "split over blocks", "SUB a.b 1", $"PUB a.b 20000\r\n{new string('x', 20_000)}\r\n" },
        { "ping", "SUB a.b 1", "PING\r\n" },
        { "pong", "SUB a.b 1", "PONG\r\n" },
        { "unique subjects", "SUB a.> 1", "PUB a.######## 2\r\nhi\r\n" },
        { "unique replies", "SUB a.b 1", "PUB a.b _INBOX.abc.######## 2\r\nhi\r\n" },
        { "answers to unique inboxes", "SUB _INBOX.abc.* 1", "PUB _INBOX.abc.######## 2\r\nhi\r\n" },
        { "unique literals of a queue", "SUB a.* q 1\r\nSUB a.> q 2", "PUB a.######## 2\r\nhi\r\n" },
    };

    [Theory]
    [MemberData(nameof(Flows))]
    public void A_message_allocates_nothing(string name, string subs, string message)
    {
        Peer subscriber = new(this, "{\"verbose\":false,\"headers\":true}");
        Peer publisher = new(this, "{\"verbose\":false,\"pedantic\":false,\"headers\":true}");
        subscriber.Receive(Wire.Bytes(subs + "\r\n"));
        AssertNoAllocation(name, publisher, message);
    }

    [Fact]
    public void Nor_for_a_receiver_without_headers()
    {
        Peer subscriber = new(this, "{\"verbose\":false}");
        Peer publisher = new(this, "{\"verbose\":false,\"pedantic\":false,\"headers\":true}");
        subscriber.Receive("SUB a.b 1\r\nSUB a.* 2\r\n"u8);
        AssertNoAllocation("headers stripped", publisher, "HPUB a.b _INBOX.######## 12 14\r\nNATS/1.0\r\n\r\nhi\r\n");
    }

    [Fact]
    public void Nor_for_a_verbose_and_pedantic_publisher()
    {
        Peer subscriber = new(this, "{\"verbose\":false}");
        Peer publisher = new(this, "{\"verbose\":true,\"pedantic\":true}");
        subscriber.Receive("SUB a.b 1\r\n"u8);
        AssertNoAllocation("verbose", publisher, "PUB a.b 2\r\nhi\r\n");
    }

    [Fact]
    public void Nor_for_messages_that_are_not_sampled_where_others_are_traced()
    {
        _node.Context.Tracing = new TracedRouting(new RateLimit(10), new NoSink(), TimeProvider.System);
        Peer subscriber = new(this, "{\"verbose\":false,\"headers\":true}");
        Peer publisher = new(this, "{\"verbose\":false,\"pedantic\":false,\"headers\":true}");
        subscriber.Receive("SUB a.b 1\r\n"u8);
        AssertNoAllocation("no headers", publisher, "PUB a.b 2\r\nhi\r\n");
        AssertNoAllocation("other headers", publisher, "HPUB a.b 18 20\r\nNATS/1.0\r\na: b\r\n\r\nhi\r\n");
    }

    private void AssertNoAllocation(string name, Peer publisher, string message)
    {
        int perRead = Math.Min(PerRead, Math.Max(1, 60_000 / message.Length));
        byte[] data = Wire.Bytes(string.Concat(Enumerable.Repeat(message, perRead)));
        Counter counter = new(data, message);
        Run(publisher, data, counter, WarmUpMessages / perRead);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(publisher, data, counter, Messages / perRead);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        output.WriteLine($"{name}: {allocated} bytes over {Messages} messages");
        Assert.True(allocated <= MostBytes, $"{name}: {allocated} bytes over {Messages} messages");
    }

    private void Run(Peer publisher, byte[] data, Counter counter, int reads)
    {
        for (int i = 0; i < reads; i++)
        {
            counter.Advance();
            publisher.Receive(data);
            _node.Batch.Lagging = null;
        }
    }

    /// <summary>Writes rising numbers over the places of <c>########</c> in a buffer of messages.</summary>
    private sealed class Counter
    {
        private const string Place = "########";

        private readonly byte[] _data;
        private readonly int[] _places;
        private int _next;

        public Counter(byte[] data, string message)
        {
            _data = data;
            int place = message.IndexOf(Place, StringComparison.Ordinal);
            _places = place < 0 ? [] : [.. Enumerable.Range(0, data.Length / message.Length).Select(i => (i * message.Length) + place)];
        }

        public void Advance()
        {
            foreach (int place in _places)
            {
                int number = _next++;
                for (int digit = Place.Length - 1; digit >= 0; digit--)
                {
                    _data[place + digit] = (byte)('0' + (number % 10));
                    number /= 10;
                }
            }
        }
    }

    private sealed class NoSink : ITraceSink
    {
        public void Add(MessageTrace trace) => Assert.Fail("nothing is sampled");
    }

    /// <summary>A client whose socket takes everything and keeps nothing.</summary>
    private sealed class Peer : IClientTransport
    {
        private readonly SteadyStateAllocationTests _test;
        private readonly ClientSession _session;

        public Peer(SteadyStateAllocationTests test, string options)
        {
            _test = test;
            _session = new ClientSession(test._node.Context, test._clients++, "127.0.0.1", 1, this, 0);
            Receive(Wire.Bytes($"CONNECT {options}\r\n"));
        }

        public void Receive(ReadOnlySpan<byte> data)
        {
            // The assertions of the test library allocate.
            if (_session.Receive(data, _test._node.Batch, out _) != data.Length)
            {
                Assert.Fail("not all was worked through");
            }

            _test._node.Batch.Flush();
        }

        public void Flush()
        {
            Block? blocks = _session.Outbound.BeginSend();
            while (blocks is not null)
            {
                long sent = 0;
                while (blocks is not null)
                {
                    sent += blocks.Length;
                    blocks = _session.Outbound.ReturnFirst(blocks);
                }

                blocks = _session.Outbound.EndSend(sent, null);
            }
        }

        public void GoOn() => Assert.Fail("nothing was waited for");

        public void Close(CloseReason reason) => Assert.Fail($"closed: {reason}");
    }
}
