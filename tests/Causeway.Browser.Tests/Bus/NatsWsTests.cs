using System.Reflection;
using System.Text;
using Causeway.Browser.Tests.Pages;
using Causeway.Client;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Xunit;

namespace Causeway.Browser.Tests.Bus;

/// <summary>nats.ws, as it is published, in a page of a real browser: it speaks to a node without anything in between.</summary>
public sealed class NatsWsTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Talk = """
        async ([url, payloadBytes]) => {
          const { connect, StringCodec, headers } = await import("/nats.js");
          const text = StringCodec();
          const connection = await connect({ servers: url, name: "a page", maxReconnectAttempts: 0, timeout: 60000 });
          const own = connection.subscribe("page.own", { max: 1 });
          const more = headers();
          more.set("Kind", "greeting");
          connection.publish("page.own", text.encode("to myself"), { headers: more });
          let heard;
          for await (const message of own) {
            heard = `${text.decode(message.data)}, a ${message.headers.get("Kind")}`;
          }
          const answer = await connection.request("service", new Uint8Array(payloadBytes).fill(120), { timeout: 60000 });
          await connection.drain();
          return `${heard}; ${text.decode(answer.data)}`;
        }
        """;

    private static readonly string Library = Path.GetFullPath(
        typeof(NatsWsTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "NodeModules").Value! + "/nats.ws/esm/nats.js");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_page_publishes_subscribes_and_is_answered_by_a_service(bool compression)
    {
        await using WebApplication site = await SiteAsync();
        int port = FreePorts.Take();
        await using TestServer node = await TestServer.StartAsync(ServerKinds.Causeway, Block(port, compression, site));
        await using BusClient service = await BusClient.ConnectAsync(new BusClientOptions { Servers = [ServerAddress.Parse(node.Url)], ConnectTimeout = Eventually.Deadline }, Token);
        await using Subscription requests = await service.SubscribeAsync("service", cancellationToken: Token);
        await service.FlushAsync(Token);
        Task serving = ServeOneAsync(requests);
        IPage page = await chromium.OpenAsync();
        await page.GotoAsync(site.Urls.Single());

        string said = await page.EvaluateAsync<string>(Talk, new object[] { $"ws://127.0.0.1:{port}", 200_000 });

        Assert.Equal("to myself, a greeting; 200000 bytes", said);
        await serving.WaitAsync(Eventually.Deadline, Token);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_page_from_elsewhere_is_not_let_in()
    {
        await using WebApplication site = await SiteAsync();
        await using WebApplication elsewhere = await SiteAsync();
        int port = FreePorts.Take();
        await using TestServer node = await TestServer.StartAsync(ServerKinds.Causeway, Block(port, compression: false, site));
        IPage page = await chromium.OpenAsync();
        await page.GotoAsync(elsewhere.Urls.Single());

        PlaywrightException refused = await Assert.ThrowsAsync<PlaywrightException>(() => page.EvaluateAsync<string>(Talk, new object[] { $"ws://127.0.0.1:{port}", 1 }));

        Assert.Contains("NatsError", refused.Message, StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    private static string Block(int port, bool compression, WebApplication allowed) =>
        $"websocket {{ listen: \"127.0.0.1:{port}\", no_tls: true, handshake_timeout: 30, compression: {(compression ? "true" : "false")}, allowed_origins: [\"{allowed.Urls.Single()}\"] }}";

    private static async Task ServeOneAsync(Subscription requests)
    {
        await foreach (Message request in requests.WithCancellation(Token))
        {
            await request.ReplyAsync(Encoding.ASCII.GetBytes($"{request.Data.Length} bytes"), cancellationToken: Token);
            break;
        }
    }

    /// <summary>A site with an empty page and the library.</summary>
    private static async Task<WebApplication> SiteAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication site = builder.Build();
        site.MapGet("/", () => Results.Content("<!doctype html><title>a page</title>", "text/html"));
        site.MapGet("/nats.js", () => Results.File(Library, "text/javascript"));
        await site.StartAsync(Token);
        return site;
    }
}
