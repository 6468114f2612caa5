using Causeway.Core.Access;
using Causeway.Core.Clients;
using Causeway.Core.Memory;
using Causeway.Core.Protocol;
using Causeway.Core.Routing;
using Causeway.Core.Subjects;
using Xunit;

namespace Causeway.Core.Tests.Support;

/// <summary>A node without sockets and clocks: one event loop's batch, and clients that are driven by hand.</summary>
internal sealed class TestNode
{
    private readonly List<(DeliveryBatch Batch, MemoryAccount Account)> _loops = [];
    private ulong _clients;

    public TestNode(Limits? limits = null, long budgetBytes = 1L << 30, int seed = 1, ILoginQueue? logins = null, byte[]? key = null)
    {
        Limits = limits ?? new Limits();
        Budget = new MemoryBudget(budgetBytes);
        Pool = new BlockPool(Budget, Limits.MaxPooledBytes);
        Governor = new Governor(Budget);
        Tenant = new Tenant(Tenant.DefaultName, new ByteHash((ulong)seed));
        Context = new NodeContext(Limits, Budget, Pool, Governor, Tenant, Info, key) { Logins = logins };
        Batch = AddLoop(seed);
    }

    public static ServerInfo Info { get; } = new()
    {
        ServerId = new string('N', 56),
        ServerName = "test",
        Version = "2.9.10",
        Host = "127.0.0.1",
        Port = 4222,
        MaxPayloadBytes = 1024 * 1024,
    };

    public Limits Limits { get; }

    public MemoryBudget Budget { get; }

    public BlockPool Pool { get; }

    public Governor Governor { get; }

    public Tenant Tenant { get; }

    public NodeContext Context { get; }

    public DeliveryBatch Batch { get; }

    /// <summary>The loop's clock in milliseconds.</summary>
    public long Now
    {
        get => Batch.NowMilliseconds;
        set => Batch.NowMilliseconds = value;
    }

    /// <summary>The batch of one more event loop, for a thread of its own.</summary>
    public DeliveryBatch AddLoop(int seed)
    {
        MemoryAccount account = Budget.Open("loop");
        DeliveryBatch batch = new(account, Limits, new Random(seed));
        _loops.Add((batch, account));
        return batch;
    }

    /// <summary>A client that has read its INFO and said nothing, on the node's first loop or on <paramref name="loop"/>.</summary>
    public TestClient Accept(DeliveryBatch? loop = null)
    {
        TestClient client = new(this, ++_clients, loop ?? Batch);
        Assert.StartsWith("INFO {", client.Read(), StringComparison.Ordinal);
        return client;
    }

    /// <summary>A client as client libraries are: not verbose, with headers and no-responders; <paramref name="options"/> overrule.</summary>
    public TestClient Connect(string options = "", DeliveryBatch? loop = null)
    {
        TestClient client = Accept(loop);
        client.Send("CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true,\"protocol\":1}\r\n");
        if (options.Length > 0)
        {
            client.Send($"CONNECT {{{options}}}\r\n");
        }

        client.Read();
        return client;
    }

    /// <summary>Fails unless nothing is held any more but idle buffers, and nothing was leaked on the way.</summary>
    public void AssertNothingHeld()
    {
        foreach ((DeliveryBatch batch, MemoryAccount account) in _loops)
        {
            batch.Clear();
            Assert.Equal(0, account.Bytes);
        }

        Assert.Equal(0, Budget.LeakedBytes);
        Assert.Equal(0, Budget.Leaks);
        Assert.Equal(Pool.IdleBytes, Budget.Total);
        Pool.Trim();
        Pool.Trim();
        Assert.Equal(0, Budget.Total);
        Assert.All(Enum.GetValues<MemoryUse>(), use => Assert.Equal(0, Budget.TotalOf(use)));
        Assert.Equal(0, Tenant.Subscriptions.Count);
        Assert.Equal(0, Tenant.Subscriptions.PatternCount);
        Assert.Equal(0, Tenant.Subscriptions.LiteralSubjects);
    }
}
