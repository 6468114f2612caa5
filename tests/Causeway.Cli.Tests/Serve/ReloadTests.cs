using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Causeway.Cli.Tests.Inspect;
using Causeway.Client;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Cli.Tests.Serve;

/// <summary>A running node's file is read again: all of it holds, or nothing does, and nobody who is connected feels it.</summary>
public sealed class ReloadTests
{
    private const string Start = "max_payload: 100KB\nmax_connections: 50\nping_interval: 60\ncauseway { memory_limit: 1GiB }\n";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_can_change_holds_at_once()
    {
        using TemporaryFolder folder = new();
        (string file, string log) = (Path.Combine(folder.Path, "f.conf"), Path.Combine(folder.Path, "f.log"));
        await File.WriteAllTextAsync(file, Start, Cancelled);
        await using InspectedNode node = await InspectedNode.StartAsync("r", "", "-c", file);
        await using BusClient client = await ConnectAsync(node);
        await using Subscription subscription = await client.SubscribeAsync("big", cancellationToken: Cancelled);
        await File.WriteAllTextAsync(
            file,
            $"max_payload: 200KB\nmax_connections: 1\nping_interval: 30\nping_max: 5\nwrite_deadline: 3\nmax_control_line: 8KB\ndebug: true\nlog_file: '{log}'\nclient_advertise: 'bus.example:4222'\ncauseway {{ memory_limit: 2GiB, alarm_level: 60, alarm_webhook: \"http://127.0.0.1:1/x\" }}\n",
            Cancelled);
        node.Send(1);
        await Eventually.TrueAsync(() => File.Exists(log) || node.Errors.Any(line => line.Contains("reload", StringComparison.Ordinal)));
        await Eventually.TrueAsync(() => File.Exists(log) && File.ReadAllText(log).Contains("Reloaded server configuration", StringComparison.Ordinal), File.Exists(log) ? log : string.Join('|', node.Errors));

        JsonElement varz = await PageAsync(node, "/varz");
        Assert.Equal((204_800, 1, 5, 8192), (Number(varz, "max_payload"), Number(varz, "max_connections"), Number(varz, "ping_max"), Number(varz, "max_control_line")));
        Assert.Equal((30_000_000_000L, 3_000_000_000L), (Number(varz, "ping_interval"), Number(varz, "write_deadline")));
        Assert.Equal(2L << 30, Number((await PageAsync(node, "/memz")).GetProperty("budget"), "limit_bytes"));
        Assert.Equal(0.6, (await PageAsync(node, "/alarmz")).GetProperty("limits").GetProperty("level_open_share").GetDouble());
        await Eventually.TrueAsync(() => client.ServerInfo.PayloadBytesMax == 204_800);
        Assert.Contains("\"host\":\"bus.example\",\"port\":4222", await GreetingAsync(node), StringComparison.Ordinal);
        await client.PublishAsync("big", new byte[150_000], cancellationToken: Cancelled);
        await foreach (Message message in subscription.WithCancellation(Cancelled))
        {
            Assert.Equal(150_000, message.Data.Length);
            break;
        }

        BusException refused = await Assert.ThrowsAnyAsync<BusException>(() => ConnectAsync(node));
        Assert.Contains("maximum connections", refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("max_payload: 50KB\ncauseway {\n memory_limit: 1GiB\n region: us }\n", "f.conf:4: 'region' can't change while the node runs; restart it, or set it back")]
    [InlineData("max_payload: 50KB\npid_file: x\n", "f.conf:2: 'pid_file' can't change while the node runs; restart it, or set it back")]
    [InlineData("max_payload: 50KB\nsystem_account: '$SYS'\n", "f.conf:2: 'system_account' can't change while the node runs; restart it, or set it back")]
    [InlineData("max_payload: 50KB\nmax_pending: 40KB\n", "f.conf:2: 'max_pending': max-pending is 40960; accepted is at least max-payload (51200)")]
    [InlineData("max_payload: 50KB\nlog_file: '/no/such/folder/x'\n", "Could not find a part of the path '/no/such/folder/x'")]
    [InlineData("max_payload: 50KB\ncauseway { incident_log: '/no/such/folder/x' }\n", "--incident-log")]
    [InlineData("max_payload: 50KB\nmax_conn: -1\nbogus: 2\n", "f.conf:2: 'max_conn': '-1' can't be read")]
    public async Task What_can_not_leaves_everything_as_it_was(string text, string says)
    {
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "f.conf");
        await File.WriteAllTextAsync(file, Start, Cancelled);
        await using InspectedNode node = await InspectedNode.StartAsync("r", "", "-c", file);
        await File.WriteAllTextAsync(file, text, Cancelled);
        node.Send(1);
        await Eventually.TrueAsync(() => node.Errors.Any(line => line.Contains("Failed to reload", StringComparison.Ordinal) && line.Contains(says, StringComparison.Ordinal)), string.Join('|', node.Errors));
        JsonElement varz = await PageAsync(node, "/varz");
        Assert.Equal((102_400, 50), (Number(varz, "max_payload"), Number(varz, "max_connections")));
        Assert.Equal(1L << 30, Number((await PageAsync(node, "/memz")).GetProperty("budget"), "limit_bytes"));
    }

    [Fact]
    public async Task Under_load_nothing_is_lost_and_everybody_stays()
    {
        const int messages = 40_000;
        const int reloads = 12;
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "f.conf");
        await File.WriteAllTextAsync(file, Start, Cancelled);
        await using InspectedNode node = await InspectedNode.StartAsync("r", "", "-c", file);
        await using BusClient publisher = await ConnectAsync(node);
        await using BusClient subscriber = await ConnectAsync(node);
        await using Subscription subscription = await subscriber.SubscribeAsync("load", cancellationToken: Cancelled);
        await subscriber.FlushAsync(cancellationToken: Cancelled);
        int next = 0;
        Task reading = Task.Run(
            async () =>
            {
                await foreach (Message message in subscription.WithCancellation(Cancelled))
                {
                    Assert.Equal(next++, BitConverter.ToInt32(message.Data.Span));
                    if (next == messages)
                    {
                        return;
                    }
                }
            },
            Cancelled);
        for (int reload = 0; reload < reloads; reload++)
        {
            await File.WriteAllTextAsync(file, Start + string.Create(CultureInfo.InvariantCulture, $"max_subscriptions: {1000 + reload}\nmax_pending: {20 + reload}MB\n"), Cancelled);
            node.Send(1);
            for (int i = 0; i < messages / reloads; i++)
            {
                await publisher.PublishAsync("load", BitConverter.GetBytes((reload * (messages / reloads)) + i), cancellationToken: Cancelled);
            }

            await Eventually.TrueAsync(() => node.Errors.Count(line => line.Contains("Reloaded server configuration", StringComparison.Ordinal)) == reload + 1);
        }

        for (int i = messages / reloads * reloads; i < messages; i++)
        {
            await publisher.PublishAsync("load", BitConverter.GetBytes(i), cancellationToken: Cancelled);
        }

        await publisher.FlushAsync(cancellationToken: Cancelled);
        await reading.InTimeAsync();
        Assert.Equal((messages, 0L, 0L), (next, publisher.Statistics.Reconnects, subscriber.Statistics.Reconnects));
    }

    private static Task<BusClient> ConnectAsync(InspectedNode node) =>
        BusClient.ConnectAsync(new BusClientOptions { Servers = [ServerAddress.Parse($"nats://{node.Clients}")], ConnectTimeout = Eventually.Deadline }, Cancelled);

    private static async Task<JsonElement> PageAsync(InspectedNode node, string path)
    {
        using HttpClient http = new();
        return await http.GetFromJsonAsync<JsonElement>(new Uri($"http://{node.Http}{path}"), Cancelled);
    }

    private static async Task<string> GreetingAsync(InspectedNode node)
    {
        using TcpClient connection = new();
        await connection.ConnectAsync(IPEndPoint.Parse(node.Clients), Cancelled);
        using StreamReader reader = new(connection.GetStream());
        return (await reader.ReadLineAsync(Cancelled))!;
    }

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
