using System.Diagnostics;
using Causeway.Client;
using Causeway.Client.Rpc;
using Causeway.Client.Serialization;
using Causeway.Compare.Regions;
using BusClient = Causeway.Client.BusClient;

namespace Causeway.Compare.Rpc;

/// <summary>
/// What it takes to reach 1,000 rooms of 10 participants, served by 10 processes in each of two regions: subscriptions, and the bytes
/// between the regions until each knows of the other's, done the usual way and by Causeway's RPC.
/// </summary>
internal static class InterestScenario
{
    private const int Rooms = 1000;
    private const int Participants = 10;
    private const int ProcessesOfRegion = 10;
    private const int Calls = 200;
    private const int UnknownSubjects = 1200;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public static async Task<RegionFigures> Run(Peer peer, RegionSettings settings)
    {
        RegionFigures figures = new();
        await UsualAsync(peer, settings, figures, "a subject per room x participant x method (6 + 8P)", UsualSubjects.Before);
        await UsualAsync(peer, settings, figures, "a subject per room and participant (2 + 2P)", UsualSubjects.After);
        await OursAsync(peer, settings, figures);
        return figures;
    }

    private static async Task UsualAsync(
        Peer peer, RegionSettings settings, RegionFigures figures, string name, Func<int, int, IEnumerable<string>> subjects)
    {
        await using Deployment nodes = Deployment.Wan(peer);
        await using Processes processes = await Processes.ConnectAsync(nodes, ProcessesOfRegion);
        Traffic traffic = await Traffic.BeginAsync(nodes, UnknownSubjects, Idle);
        int rooms = (int)settings.Scaled(Rooms);
        await Parallel.ForEachAsync(Enumerable.Range(0, processes.Clients.Count), async (number, cancelled) =>
        {
            for (int room = number; room < rooms; room += processes.Clients.Count)
            {
                foreach (string subject in subjects(room, Participants))
                {
                    await processes.Clients[number].SubscribeAsync(subject, new SubscribeOptions { PendingMessagesMax = 1 }, cancelled);
                }
            }

            await processes.Clients[number].FlushAsync(cancelled);
        });
        double bytes = traffic.UntilQuiet(Look, settings.Limit);
        figures.Add($"{name}: subscriptions", processes.Clients.Sum(client => client.Statistics.Subscriptions));
        figures.Add($"{name}: bytes between regions", bytes);
    }

    private static async Task OursAsync(Peer peer, RegionSettings settings, RegionFigures figures)
    {
        await using Deployment nodes = Deployment.Wan(peer);
        await using Processes processes = await Processes.ConnectAsync(nodes, ProcessesOfRegion);
        Traffic traffic = await Traffic.BeginAsync(nodes, UnknownSubjects, Idle);
        int rooms = (int)settings.Scaled(Rooms);
        RpcService service = new("rooms");
        RpcMethod<byte[], byte[]> method = service.Method("mute", MessageSerializers.Bytes, MessageSerializers.Bytes);
        List<RpcServer> servers = [];
        List<RpcClient> callers = [];
        for (int number = 0; number < processes.Clients.Count; number++)
        {
            RpcServer server = await RpcServer.OpenAsync(processes.Clients[number]);
            RpcHost host = await server.ServeAsync(service, new RpcHandlers().On(method, (request, _) => Task.FromResult(request)));
            servers.Add(server);
            callers.Add(await RpcClient.OpenAsync(processes.Clients[number]));
            for (int room = number; room < rooms; room += processes.Clients.Count)
            {
                host.Add(UsualSubjects.Room(room));
                for (int participant = 0; participant < Participants; participant++)
                {
                    host.Add(UsualSubjects.Participant(room, participant));
                }
            }
        }

        await Task.WhenAll(processes.Clients.Select(client => client.FlushAsync()));
        double bytes = traffic.UntilQuiet(Look, settings.Limit);
        figures.Add("Causeway's RPC: subscriptions", processes.Clients.Sum(client => client.Statistics.Subscriptions));
        figures.Add("Causeway's RPC: bytes between regions", bytes);
        int calls = Math.Min(Calls, rooms);
        foreach (string round in new[] { "first call of a key", "call of a known key" })
        {
            (long published, long delivered) = await processes.CountAsync();
            long wire = nodes.Link.Bytes;
            for (int room = 0; room < calls; room++)
            {
                await callers[0].CallAsync(method, RpcTarget.Key(UsualSubjects.Participant(room, room % Participants)), new byte[128]);
            }

            (long publishedThen, long deliveredThen) = await processes.CountAsync();
            figures.Add($"{round}: messages published", (publishedThen - published) / (double)calls);
            figures.Add($"{round}: messages delivered", (deliveredThen - delivered) / (double)calls);
            figures.Add($"{round}: bytes between regions", (nodes.Link.Bytes - wire) / (double)calls);
        }

        callers.ForEach(caller => caller.DisposeAsync().AsTask().GetAwaiter().GetResult());
        servers.ForEach(server => server.DisposeAsync().AsTask().GetAwaiter().GetResult());
    }

    /// <summary>The processes that serve: a client each, half of them in either region.</summary>
    private sealed record Processes(IReadOnlyList<BusClient> Clients) : IAsyncDisposable
    {
        public static async Task<Processes> ConnectAsync(Deployment nodes, int ofRegion)
        {
            List<BusClient> clients = [];
            foreach (RunningNode node in nodes.Nodes)
            {
                for (int i = 0; i < ofRegion; i++)
                {
                    clients.Add(await BusClient.ConnectAsync(new BusClientOptions { Servers = [ServerAddress.Parse(node.Address)] }));
                }
            }

            return new Processes(clients);
        }

        /// <summary>What all of them published and got.</summary>
        public async Task<(long Published, long Delivered)> CountAsync()
        {
            // What crosses regions behind the last answer is for others, and is there soon.
            await Task.Delay(TimeSpan.FromMilliseconds(500));
            await Task.WhenAll(Clients.Select(client => client.FlushAsync()));
            return (Clients.Sum(client => client.Statistics.MessagesOut), Clients.Sum(client => client.Statistics.MessagesIn));
        }

        public async ValueTask DisposeAsync()
        {
            foreach (BusClient client in Clients)
            {
                await client.DisposeAsync();
            }
        }
    }

    /// <summary>The bytes between the regions beyond what goes by when nothing happens.</summary>
    private sealed class Traffic
    {
        private readonly Deployment _nodes;
        private readonly double _idlePerSecond;
        private readonly long _began = Stopwatch.GetTimestamp();
        private readonly long _before;

        private Traffic(Deployment nodes, double idlePerSecond)
        {
            _nodes = nodes;
            _idlePerSecond = idlePerSecond;
            _before = nodes.Link.Bytes;
        }

        public static async Task<Traffic> BeginAsync(Deployment nodes, int unknownSubjects, TimeSpan idle)
        {
            // A gateway of nats-server passes everything on, and tells no interest, until this many subjects were for nobody.
            foreach (RunningNode node in nodes.Nodes)
            {
                await using BusClient client = await BusClient.ConnectAsync(new BusClientOptions { Servers = [ServerAddress.Parse(node.Address)] });
                for (int i = 0; i < unknownSubjects; i++)
                {
                    await client.PublishAsync($"unknown.{i}", new byte[1]);
                }

                await client.FlushAsync();
            }

            await Task.Delay(idle);
            long before = nodes.Link.Bytes;
            long began = Stopwatch.GetTimestamp();
            await Task.Delay(idle);
            return new Traffic(nodes, (nodes.Link.Bytes - before) / Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        /// <summary>Waits until no more goes by than when idle, for two looks in a row.</summary>
        public double UntilQuiet(TimeSpan look, TimeSpan limit)
        {
            for (int quiet = 0; quiet < 2;)
            {
                long before = _nodes.Link.Bytes;
                Thread.Sleep(look);
                quiet = _nodes.Link.Bytes - before <= (2 * _idlePerSecond * look.TotalSeconds) + 500 ? quiet + 1 : 0;
                if (Stopwatch.GetElapsedTime(_began) > limit)
                {
                    throw new CompareException($"the link was not quiet within {limit.TotalSeconds:0} s");
                }
            }

            return Math.Max(0, _nodes.Link.Bytes - _before - (_idlePerSecond * Stopwatch.GetElapsedTime(_began).TotalSeconds));
        }
    }
}
