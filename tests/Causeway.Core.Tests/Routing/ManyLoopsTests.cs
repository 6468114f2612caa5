using System.Globalization;
using Causeway.Core.Routing;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Routing;

/// <summary>Clients of several event loops, each on its thread, publish to each other at once.</summary>
public sealed class ManyLoopsTests
{
    private const int Loops = 3;

    private readonly TestNode _node = new(new Limits { MaxPendingBytes = 1L << 30, PausePendingBytes = 1L << 30 });

    [Fact]
    public async Task Every_message_arrives_once_and_in_its_publishers_order()
    {
        const int Messages = 10_000;
        TestClient[] clients = [.. Enumerable.Range(0, Loops).Select(i => _node.Connect(loop: _node.AddLoop(i)))];
        TestClient[] members = [_node.Connect(), _node.Connect()];
        Array.ForEach(clients, client => client.Send("SUB to.> 1\r\n"));
        Array.ForEach(members, member => member.Send("SUB to.* q 1\r\n"));
        await OnThreads(i =>
        {
            for (int number = 0; number < Messages; number++)
            {
                string payload = number.ToString(CultureInfo.InvariantCulture);
                clients[i].Send($"PUB to.{i} {payload.Length}\r\n{payload}\r\n");
            }
        });

        foreach (TestClient client in clients)
        {
            AssertOrdered(client.Read(), Messages, all: true);
        }

        string[] got = [.. members.Select(member => member.Read())];
        Assert.Equal(Loops * Messages, got.Sum(text => AssertOrdered(text, Messages, all: false)));
        DisconnectAll([.. clients, .. members]);
    }

    [Fact]
    public async Task A_subscription_with_a_limit_gets_just_so_many_from_all_of_them()
    {
        const int Rounds = 300;
        TestClient[] publishers = [.. Enumerable.Range(0, Loops).Select(i => _node.Connect(loop: _node.AddLoop(i)))];
        TestClient subscriber = _node.Connect();
        for (int round = 0; round < Rounds; round++)
        {
            subscriber.Send("SUB a 1\r\nUNSUB 1 5\r\nSUB a q 2\r\nUNSUB 2 3\r\n");
            await OnThreads(i =>
            {
                for (int number = 0; number < 4; number++)
                {
                    publishers[i].Send("PUB a 0\r\n\r\n");
                }
            });
            string[] got = subscriber.Read().Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(5, got.Count(line => line == "MSG a 1 0"));
            Assert.Equal(3, got.Count(line => line == "MSG a 2 0"));
            Assert.Equal((0, 0), (subscriber.Session.Subscriptions.Count, _node.Tenant.Subscriptions.Count));
        }

        DisconnectAll([.. publishers, subscriber]);
    }

    /// <summary>Subscribers come and go under load; a message never ends up in a session that is released.</summary>
    [Fact]
    public async Task Clients_that_come_and_go_under_load_leave_nothing_behind()
    {
        DeliveryBatch[] loops = [.. Enumerable.Range(0, Loops).Select(_node.AddLoop)];
        TestClient publisher = _node.Connect();
        bool done = false;
        Task flood = Task.Run(() =>
        {
            while (!Volatile.Read(ref done))
            {
                publisher.Send("PUB a.b 10\r\n0123456789\r\n");
            }
        }, TestContext.Current.CancellationToken);
        await OnThreads(i =>
        {
            for (int round = 0; round < 300; round++)
            {
                TestClient client = new(_node, 1000, loops[i]);
                client.Send("SUB a.b 1\r\nSUB a.* 2\r\nSUB > q 3\r\nUNSUB 1 20\r\n");
                client.Send("PUB a.b 1\r\nx\r\nUNSUB 2\r\n");
                EndWhenNobodySends(client);
            }
        });
        Volatile.Write(ref done, true);
        await flood;
        DisconnectAll([publisher]);
    }

    private static void EndWhenNobodySends(TestClient client)
    {
        while (!client.Session.Outbound.TryEndSending())
        {
            Thread.Yield();
        }

        client.Disconnect();
    }

    private static Task OnThreads(Action<int> action) =>
        Task.WhenAll(Enumerable.Range(0, Loops).Select(i => Task.Run(() => action(i), TestContext.Current.CancellationToken)));

    /// <summary>Counts the messages and fails unless those on each subject rise, without a gap if it should be all.</summary>
    private static int AssertOrdered(string text, int messages, bool all)
    {
        string[] lines = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Dictionary<string, int> last = [];
        for (int i = 0; i < lines.Length; i += 2)
        {
            int number = int.Parse(lines[i + 1], CultureInfo.InvariantCulture);
            int before = last.GetValueOrDefault(lines[i].Split(' ')[1], -1);
            Assert.True(all ? number == before + 1 : number > before, $"{number} after {before}");
            last[lines[i].Split(' ')[1]] = number;
        }

        Assert.True(!all || (last.Count == Loops && last.Values.All(number => number == messages - 1)), "not all arrived");
        return lines.Length / 2;
    }

    private void DisconnectAll(TestClient[] clients)
    {
        Array.ForEach(clients, client => client.Disconnect());
        _node.AssertNothingHeld();
    }
}
