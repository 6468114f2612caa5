using System.Diagnostics;
using Causeway.Client;
using Causeway.Client.Rpc;
using Causeway.Client.Serialization;
using Causeway.Compare.Regions;
using BusClient = Causeway.Client.BusClient;

namespace Causeway.Compare.Rpc;

/// <summary>
/// Calls per second and their latency over one server: request and reply with a queue group, as NATS micro-services do it, and
/// Causeway's RPC, both by the same client library.
/// </summary>
internal static class CallScenario
{
    private const int PayloadBytes = 128;
    private const string Subject = "micro.echo";

    private static readonly int[] InFlight = [1, 64];
    private static readonly TimeSpan Warmup = TimeSpan.FromSeconds(1);

    public static async Task<RegionFigures> Run(Peer peer, RegionSettings settings)
    {
        await using Deployment nodes = Deployment.Single(peer);
        BusClientOptions options = new() { Servers = [ServerAddress.Parse(nodes.Nodes[0].Address)] };
        await using BusClient serving = await BusClient.ConnectAsync(options);
        await using BusClient calling = await BusClient.ConnectAsync(options);
        RpcService service = new("echo");
        RpcMethod<byte[], byte[]> method = service.Method("echo", MessageSerializers.Bytes, MessageSerializers.Bytes);
        await using RpcServer server = await RpcServer.OpenAsync(serving);
        (await server.ServeAsync(service, new RpcHandlers().On(method, (request, _) => Task.FromResult(request)))).Add("room");
        await using RpcClient caller = await RpcClient.OpenAsync(calling);
        await using Subscription requests = await serving.SubscribeAsync(Subject, new SubscribeOptions { QueueGroup = "q" });
        Task answering = AnswerAsync(requests);
        byte[] payload = new byte[PayloadBytes];
        await serving.FlushAsync();

        RegionFigures figures = new();
        (string Name, Func<Task> Call)[] ways =
        [
            ("request and reply, queue group", () => calling.RequestAsync(Subject, payload)),
            ("RPC, any server", () => caller.CallAsync(method, RpcTarget.Any, payload)),
            ("RPC, by key", () => caller.CallAsync(method, RpcTarget.Key("room"), payload)),
        ];
        foreach (int inFlight in InFlight)
        {
            foreach ((string name, Func<Task> call) in ways)
            {
                await MeasureAsync(call, inFlight, Warmup);
                List<double> microseconds = await MeasureAsync(call, inFlight, settings.Duration);
                microseconds.Sort();
                figures.Add($"{name}, {inFlight} in flight: calls/s", microseconds.Count / settings.Duration.TotalSeconds);
                figures.Add($"{name}, {inFlight} in flight: p50 us", microseconds[microseconds.Count / 2]);
                figures.Add($"{name}, {inFlight} in flight: p99 us", microseconds[(int)(microseconds.Count * 0.99)]);
            }
        }

        await requests.DisposeAsync();
        await answering;
        return figures;
    }

    private static async Task AnswerAsync(Subscription requests)
    {
        await foreach (Message request in requests)
        {
            await request.ReplyAsync(request.Data);
        }
    }

    private static async Task<List<double>> MeasureAsync(Func<Task> call, int inFlight, TimeSpan duration)
    {
        long began = Stopwatch.GetTimestamp();
        List<double>[] all = await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
        {
            List<double> microseconds = [];
            while (Stopwatch.GetElapsedTime(began) < duration)
            {
                long start = Stopwatch.GetTimestamp();
                await call();
                microseconds.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }

            return microseconds;
        })));
        return [.. all.SelectMany(one => one)];
    }
}
