using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Causeway.Bus.Health;
using Causeway.Bus.Links;
using Causeway.Bus.Nodes;
using Causeway.Core;
using Causeway.Core.Access;
using Causeway.Core.Clients;
using Causeway.Core.Memory;
using Xunit;

namespace Causeway.Bus.Tests.Support;

/// <summary>
/// A node in this process on a free port of the loopback interface. A test ends with <see cref="EndAsync"/>, which asserts that
/// nothing is left of it: no connection, no byte on any account, no open file.
/// </summary>
internal sealed class TestNode : IDisposable
{
    private const long Mi = 1024 * 1024;

    private readonly ConcurrentBag<TestClient> _clients = [];
    private readonly int _filesBefore;
    private Exception? _failure;

    private TestNode(BusOptions options)
    {
        WarmUp();
        _filesBefore = OpenFiles.Count();
        Bus = new BusNode(options, Log);
        Bus.Failed += fault => _failure = fault;
        Bus.Start();
    }

    public BusNode Bus { get; }

    public LogCapture Log { get; } = new();

    public IPEndPoint Address => Bus.ClientAddress;

    public MemoryBudget Budget => Bus.Context.Budget;

    public Governor Governor => Bus.Context.Governor;

    public long PublisherPauses => Bus.Loops.Sum(loop => loop.PublisherPauses);

    public static TestNode Start(Limits? limits = null, int loops = 2, long memoryLimitBytes = 2048 * Mi, LinkOptions? links = null, string name = "", AccessSettings? access = null, HealthOptions? health = null, Func<BusOptions, BusOptions>? configure = null)
    {
        BusOptions options = new()
        {
            Name = name,
            Links = links,
            Access = Patient(access ?? new AccessSettings()),
            Health = health,
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Loops = loops,
            MemoryLimitBytes = memoryLimitBytes,
            Limits = limits ?? new Limits(),
        };
        return new TestNode(configure?.Invoke(options) ?? options);
    }

    /// <summary>With as long for a login as it takes on a busy machine, unless the test says how long.</summary>
    public static AccessSettings Patient(AccessSettings access) => access.Timeout == new AccessSettings().Timeout ? access with { Timeout = Eventually.Deadline } : access;

    /// <summary>A client that <see cref="EndAsync"/> closes, unless the test did before.</summary>
    public async Task<TestClient> ConnectAsync(ClientSettings? settings = null)
    {
        TestClient client = await TestClient.ConnectAsync(Address, settings);
        _clients.Add(client);
        return client;
    }

    /// <summary>One that has connected and does nothing more by itself.</summary>
    public async Task<TestClient> OpenAsync(ClientSettings? settings = null)
    {
        TestClient client = await TestClient.OpenAsync(Address, settings);
        _clients.Add(client);
        return client;
    }

    /// <summary>A client that is subscribed already.</summary>
    public async Task<TestClient> SubscriberAsync(string subject, ClientSettings? settings = null, string queue = "")
    {
        TestClient client = await ConnectAsync(settings);
        await client.SubscribeAsync(subject, "1", queue);
        return client;
    }

    public async Task<TestClient[]> SubscribersAsync(int count, string subject, ClientSettings? settings = null) =>
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => SubscriberAsync(subject, settings)));

    public long ClosedFor(CloseReason reason) => Bus.Connections.ClosedFor(reason);

    /// <summary>Waits until <paramref name="count"/> connections are open.</summary>
    public Task ConnectionsAsync(int count) =>
        Eventually.TrueAsync(() => Bus.Connections.Count == count, Eventually.Deadline, () => $"({count} were due, there are {Bus.Connections.Count})");

    /// <summary>
    /// Closes all clients, asserts that nothing failed and that nothing is left of them, and ends the node. Open files are not counted
    /// where a test has other servers' clients open.
    /// </summary>
    public async Task EndAsync(bool countsFiles = true)
    {
        DisposeClients();
        await ConnectionsAsync(0);
        await AccountsAreZeroAsync();
        Assert.Equal(0, Bus.InternalErrors);
        Assert.Equal(0, Bus.Context.Tenants.Subscriptions);
        Assert.Null(_failure);
        Dispose();
        await Eventually.TrueAsync(
            () => !countsFiles || OpenFiles.Count() <= _filesBefore, Eventually.Deadline, () => $"({OpenFiles.Count()} files open, {_filesBefore} before)");
        Assert.Equal((0, 0), (Budget.Leaks, Budget.LeakedBytes));
    }

    public async Task AccountsAreZeroAsync()
    {
        await Eventually.TrueAsync(
            () =>
            {
                Bus.Context.Pool.Trim();
                return Budget.Total == 0;
            },
            Eventually.Deadline,
            () => string.Join(", ", Enum.GetValues<MemoryUse>().Select(use => $"{use} {Budget.TotalOf(use)}")));
        Assert.All(Enum.GetValues<MemoryUse>(), use => Assert.Equal(0, Budget.TotalOf(use)));
        Assert.Equal((0, 0), (Budget.Leaks, Budget.LeakedBytes));
    }

    public void Dispose()
    {
        DisposeClients();
        Bus.Dispose();
    }

    private void DisposeClients()
    {
        foreach (TestClient client in _clients)
        {
            client.Dispose();
        }
    }

    /// <summary>The runtime opens files of its own at the first use of a socket, which are not to be taken for the node's.</summary>
    private static void WarmUp()
    {
        using Socket one = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        using Socket other = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        one.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Task<int> receiving = one.ReceiveAsync(new byte[1], SocketFlags.None);
        other.SendTo([1], one.LocalEndPoint!);
        receiving.Wait();
    }
}
