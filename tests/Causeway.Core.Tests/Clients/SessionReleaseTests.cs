using Causeway.Core.Clients;
using Causeway.Core.Memory;
using Causeway.Core.Tests.Routing;
using Causeway.Core.Tests.Support;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Clients;

/// <summary>From whatever state a session is released, nothing of it stays in the books.</summary>
public sealed class SessionReleaseTests
{
    private readonly int[] _ends = new int[Enum.GetValues<CloseReason>().Length];

    [Fact]
    public void A_session_that_said_nothing_gives_everything_back()
    {
        TestNode node = new();
        node.Accept().Disconnect();
        node.AssertNothingHeld();
    }

    [Fact]
    public void A_session_is_booked_and_so_are_its_subscriptions()
    {
        TestNode node = new();
        TestClient client = node.Connect();
        Assert.Equal(ClientSession.ConnectionBytes, client.Session.Account.Bytes);
        client.Send("SUB a 1\r\nSUB a.> q 2\r\n");
        long held = client.Session.Account.BytesOf(MemoryUse.Subscriptions);
        Assert.Equal(client.Session.Subscriptions.List(10).Sum(subscription => subscription.MemoryBytes), held);
        Assert.InRange(held, 2 * 128, 2 * 400);
        client.Send("UNSUB 1\r\n");
        Assert.InRange(client.Session.Account.BytesOf(MemoryUse.Subscriptions), 128, held - 128);
        client.Disconnect();
        node.AssertNothingHeld();
    }

    [Fact]
    public void A_session_with_many_subscriptions_is_released_step_by_step()
    {
        TestNode node = new();
        TestClient client = node.Connect();
        client.Send(string.Concat(Enumerable.Range(0, 1000).Select(i => $"SUB a.{i}.* {i}\r\n")));
        client.Session.End(CloseReason.ClientClosed);
        Assert.True(client.Session.Outbound.TryEndSending());
        client.Session.Outbound.Discard(null);
        int steps = 1;
        for (int left = 1000; !client.Session.Release(mostSubscriptions: 300); steps++)
        {
            Assert.InRange(node.Tenant.Subscriptions.Count, left - 300, left);
            left = node.Tenant.Subscriptions.Count;
        }

        Assert.InRange(steps, 4, 12);
        node.AssertNothingHeld();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(70_000)]
    public void What_a_full_socket_left_over_is_given_back(int window)
    {
        TestNode node = new();
        TestClient client = node.Connect();
        TestClient publisher = node.Connect();
        client.Send("SUB a 1\r\n");
        client.Window = window;
        publisher.Send($"PUB a 200000\r\n{new string('x', 200_000)}\r\n");
        publisher.Send("PUB a 1\r\ny\r\n");
        Assert.True(client.Session.Outbound.IsBlocked);
        Assert.Equal(window, client.Read().Length);
        client.Disconnect(CloseReason.ReadError);
        publisher.Disconnect();
        node.AssertNothingHeld();
    }

    [Fact]
    public void A_full_socket_that_drains_gets_everything_in_order()
    {
        TestNode node = new();
        TestClient client = node.Connect();
        TestClient publisher = node.Connect();
        client.Send("SUB a 1\r\n");
        client.Window = 100;
        string expected = "";
        string got = "";
        for (int i = 0; i < 300; i++)
        {
            string payload = new((char)('a' + (i % 26)), i * 7 % 3000);
            publisher.Send($"PUB a {payload.Length}\r\n{payload}\r\n");
            expected += $"MSG a 1 {payload.Length}\r\n{payload}\r\n";
            if (i % 10 == 0)
            {
                client.Unblock(i * 50);
                got += client.Read();
            }
        }

        client.Unblock();
        Assert.Equal(expected, got + client.Read());
        client.Disconnect();
        publisher.Disconnect();
        node.AssertNothingHeld();
    }

    /// <summary>Courses in which sockets fill up, memory runs out and clients break off at any point.</summary>
    [Fact]
    public void After_any_course_all_accounts_are_at_zero()
    {
        Gen<Course> courses = Gen.Select(
            BusStep.Any.Array[0, 60],
            Gen.Int[0, 400].Array[BusStep.Clients],
            Gen.OneOf(1 << 20, 40_000, 12_000, 8_000),
            Gen.OneOf(1L << 20, 400L),
            (steps, windows, budget, pending) => new Course(steps, windows, budget, pending));
        courses.Sample(Run, iter: 5000);
        CloseReason[] worthwhile = [CloseReason.SlowConsumerPendingBytes, CloseReason.SlowConsumerMemory, CloseReason.ProtocolViolation];
        Assert.All(worthwhile, reason => Assert.True(_ends[(int)reason] > 100, $"{reason} ended {_ends[(int)reason]} clients"));
    }

    private void Run(Course course)
    {
        TestNode node = new(new Limits { MaxPendingBytes = course.PendingBytes, MaxPooledBytes = 8192, MaxRouteCacheBytes = 250_000 });
        TestClient[] clients = [.. Enumerable.Range(0, BusStep.Clients).Select(_ => node.Connect())];
        node.Budget.LimitBytes = node.Budget.Total + course.BudgetBytes;
        for (int i = 0; i < clients.Length; i++)
        {
            clients[i].Window = course.Windows[i] == 400 ? long.MaxValue : course.Windows[i];
        }

        clients[0].Send("SUB > 77\r\nSUB a.* q 78\r\n");
        foreach (BusStep step in course.Steps)
        {
            TestClient client = clients[step.Client];
            Interlocked.Increment(ref _ends[(int)client.CloseReason]);
            if (step.Kind == BusStepKind.Disconnect || client.CloseReason != CloseReason.None)
            {
                client.Disconnect();
                client = clients[step.Client] = new TestClient(node, 99);
            }

            client.Send(step.Line(client.Session.Options.Headers));
            client.Send(step.Payload.Length switch { 0 => $"PUB a.b 150\r\n{new string('x', 150)}\r\n", 1 => "PUB a 9\r\nunfi", _ => "" });
            if (step.Number == 2)
            {
                client.Unblock(step.Payload.Length * 40);
            }
        }

        Assert.All(clients, client => client.Disconnect(CloseReason.ServerShutdown));
        node.AssertNothingHeld();
    }

    private sealed record Course(BusStep[] Steps, int[] Windows, int BudgetBytes, long PendingBytes)
    {
        public override string ToString() => $"budget {BudgetBytes}, pending {PendingBytes}, windows {string.Join(' ', Windows)}: {string.Join("; ", (object[])Steps)}";
    }
}
