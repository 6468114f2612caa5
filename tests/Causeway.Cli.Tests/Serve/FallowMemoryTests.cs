using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Causeway.Cli.Tests.Inspect;
using Causeway.Cli.Tests.Programs;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Cli.Tests.Serve;

/// <summary>A node in what stands for a container of 384 MiB: when a flood is over, its memory goes back to the system.</summary>
public sealed class FallowMemoryTests : IDisposable
{
    private const long Mi = 1024 * 1024;
    private const long ContainerBytes = 384 * Mi;

    // What .NET gives its heap of it, which is what the governor goes by.
    private const long ProcessLimitBytes = ContainerBytes / 4 * 3;
    private const int StuckClients = 12;
    private const int PayloadBytes = 8000;
    private const int FloodMessages = 60_000;

    private readonly HttpClient _http = new();
    private long _most;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task After_a_flood_the_process_gives_its_memory_back()
    {
        await using InspectedNode node = await InspectedNode.OfAsync(CausewayProcess.StartIn(
            [("DOTNET_GCTotalPhysicalMemory", ContainerBytes.ToString("x", CultureInfo.InvariantCulture))], "serve", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0",

            // However long the flood takes, those that are stuck stay as long as it lasts.
            "--write-stall-timeout", "10m"));
        IPEndPoint address = IPEndPoint.Parse(node.Clients);
        List<Socket> stuck = [];
        for (int i = 0; i < StuckClients; i++)
        {
            stuck.Add(await ConnectAsync(address, "SUB flood 1\r\n"));
        }

        using Socket publisher = await ConnectAsync(address, "");
        byte[] message = Encoding.ASCII.GetBytes($"PUB flood {PayloadBytes}\r\n{new string('x', PayloadBytes)}\r\n");
        for (int i = 0; i < FloodMessages && _most < ProcessLimitBytes * 0.8; i++)
        {
            await publisher.SendAsync(message, Cancelled);
            if (i % 200 == 0)
            {
                _most = Math.Max(_most, ResidentBytes(node));
            }
        }

        Assert.InRange(_most, (long)(ProcessLimitBytes * 0.8), long.MaxValue);
        stuck.ForEach(socket => socket.Dispose());
        await Eventually.TrueAsync(() => ResidentBytes(node) < ProcessLimitBytes * 0.55);
        await Eventually.TrueAsync(() => Get(node, "memz").GetProperty("governor").GetProperty("step").GetString() == "calm");
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint address, string commands)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(address, Cancelled);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"CONNECT {{\"verbose\":false}}\r\n{commands}"), Cancelled);
        return socket;
    }

    private long ResidentBytes(InspectedNode node) => Get(node, "varz").GetProperty("mem").GetInt64();

    private JsonElement Get(InspectedNode node, string page)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"http://{node.Http}/{page}");
        using HttpResponseMessage response = _http.Send(request, Cancelled);
        using JsonDocument answer = JsonDocument.Parse(response.Content.ReadAsStream(Cancelled));
        return answer.RootElement.Clone();
    }
}
