using System.Text;
using Causeway.Core;
using Causeway.Core.Clients;
using Causeway.Core.Memory;
using Causeway.Core.Protocol;
using Causeway.Core.Routing;
using Causeway.Core.Subjects;

namespace Causeway.Benchmarks;

/// <summary>A node without sockets: sessions whose transport throws away what it is to send, as a network would take it.</summary>
internal sealed class BusInMemory
{
    private readonly NodeContext _node;
    private readonly DeliveryBatch _batch;
    private ulong _lastId;

    public BusInMemory()
    {
        MemoryBudget budget = new(1L << 32);
        Limits limits = new();
        _node = new NodeContext(
            limits,
            budget,
            new BlockPool(budget, limits.MaxPooledBytes),
            new Governor(budget),
            new Tenant(Tenant.DefaultName, new ByteHash(1)),
            new ServerInfo { ServerId = "N", ServerName = "bench", Version = "2.9.10", Host = "127.0.0.1", Port = 4222, MaxPayloadBytes = limits.MaxPayloadBytes });
        _batch = new DeliveryBatch(budget.Open("loop"), limits, new Random(1));
    }

    /// <summary>Adds a client that has said <paramref name="commands"/>.</summary>
    public ClientSession Connect(string commands)
    {
        DiscardingTransport transport = new(_node.Pool);
        ClientSession session = new(_node, ++_lastId, "127.0.0.1", 1, transport, now: 0);
        transport.Session = session;
        Receive(session, Encoding.ASCII.GetBytes("CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true}\r\n" + commands));
        return session;
    }

    /// <summary>Works through what a client sent and flushes everybody who got something.</summary>
    public void Receive(ClientSession session, ReadOnlySpan<byte> data)
    {
        session.Receive(data, _batch, out _);
        _batch.Lagging = null;
        _batch.Flush();
    }

    private sealed class DiscardingTransport(BlockPool pool) : IClientTransport
    {
        public ClientSession? Session { get; set; }

        public void Flush()
        {
            Block? blocks = Session!.Outbound.BeginSend();
            while (blocks is not null)
            {
                long sent = 0;
                while (blocks is not null)
                {
                    sent += blocks.Length;
                    Block? next = blocks.Next;
                    pool.Return(blocks);
                    blocks = next;
                }

                blocks = Session.Outbound.EndSend(sent, null);
            }
        }

        public void GoOn() => throw new InvalidOperationException("nothing was waited for");

        public void Close(CloseReason reason) => throw new InvalidOperationException(reason.Text());
    }
}
