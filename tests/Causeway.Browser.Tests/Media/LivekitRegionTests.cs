using System.Collections.Concurrent;
using System.Net;
using System.Reflection;
using Causeway.Browser.Tests.Pages;
using Causeway.Client;
using Causeway.Core.Control;
using Causeway.Director.Http;
using Causeway.Director.Store;
using Causeway.Director.Tests.Registry;
using Causeway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;
using Xunit;

namespace Causeway.Browser.Tests.Media;

/// <summary>LiveKit's own client for browsers, unchanged, reads a director's regions when the URL that it knows does not answer.</summary>
public sealed class LivekitRegionTests
{
    private static readonly string ClientScript = Path.Combine(
        typeof(LivekitRegionTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "NodeModules").Value!, "livekit-client/dist/livekit-client.umd.js");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_tries_the_regions_in_the_directors_order_and_keeps_to_its_own_URL_where_there_are_none(bool hasUrls)
    {
        await using DirectorServer director = await DirectorAsync(hasUrls);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task reporting = ReportAsync(director, over.Token);
        await Eventually.TrueAsync(() => director.Registry.Current.Regions.Count == 2);

        // The client asks for regions only under this name; the browser is told that it is the director's.
        await using Chromium chromium = new() { MoreArguments = ["--host-resolver-rules=MAP project.livekit.run 127.0.0.1, MAP *.livekit.run ~NOTFOUND"] };
        await chromium.InitializeAsync();
        IPage page = await chromium.OpenAsync();
        ConcurrentQueue<string> tried = [];
        page.WebSocket += (_, socket) => tried.Enqueue(new Uri(socket.Url).Host);
        await page.AddScriptTagAsync(new PageAddScriptTagOptions { Path = ClientScript });
        string failure = await page.EvaluateAsync<string>(
            "url => new LivekitClient.Room().connect(url, 'a-token', { maxRetries: 0 }).then(() => 'connected', error => error.name)", $"ws://project.livekit.run:{director.Address.Port}");
        Assert.Equal("ConnectionError", failure);
        await Eventually.TrueAsync(() => !hasUrls || tried.Contains("west.livekit.run"));
        Assert.Equal(hasUrls ? ["project.livekit.run", "east.livekit.run", "west.livekit.run"] : ["project.livekit.run"], tried.Distinct());
        await page.Context.CloseAsync();
        await over.CancelAsync();
        await reporting;
    }

    /// <summary>Reports for two nodes as they do themselves, again and again: a browser may take longer than a director believes a node to be there.</summary>
    private static async Task ReportAsync(DirectorServer director, CancellationToken over)
    {
        using PeriodicTimer timer = new(ReportLimits.ReportInterval);
        try
        {
            for (long sequence = 1; ; sequence++)
            {
                director.Registry.Hear(Reports.Of("east", "e1", sequence), DateTimeOffset.UtcNow);
                director.Registry.Hear(Reports.Of("west", "w1", sequence), DateTimeOffset.UtcNow);
                await timer.WaitForNextTickAsync(over);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private static Task<DirectorServer> DirectorAsync(bool hasUrls) => DirectorServer.StartAsync(
        new DirectorOptions
        {
            Name = "d1",
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Servers = [new ServerAddress("127.0.0.1", FreePorts.Take())],
            Key = Reports.Key,
            MediaUrls = hasUrls ? new Dictionary<string, string> { ["west"] = "ws://west.livekit.run", ["east"] = "ws://east.livekit.run" } : new Dictionary<string, string>(),
        },
        new MemoryStore(TimeProvider.System),
        NullLogger.Instance);
}
