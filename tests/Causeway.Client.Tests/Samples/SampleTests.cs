using System.Net;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Client.Tests.Samples;

/// <summary>The samples, as their readers start them.</summary>
public sealed class SampleTests(SharedServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chat_passes_between_two_regions()
    {
        string links = $"127.0.0.1:{FreePorts.Take()}";
        await using TestServer east = await TestServer.StartAsync(ServerKinds.Causeway, null, "--region", "east", "--name", "e1", "--link-listen", links);
        await using TestServer west = await TestServer.StartAsync(
            ServerKinds.Causeway, null, "--region", "west", "--name", "w1", "--link-listen", "127.0.0.1:0", "--remote", $"east={links}");
        using RunningSample ann = RunningSample.Start("Chat", east.Url, "ann");
        using RunningSample bob = RunningSample.Start("Chat", west.Url, "bob");
        await Eventually.TrueAsync(() => ann.Text.Contains("you are ann", StringComparison.Ordinal) && bob.Text.Contains("you are bob", StringComparison.Ordinal));

        // Interest takes a moment to reach the other region: said until it is heard.
        await Eventually.TrueAsync(() =>
        {
            ann.Input.WriteLine("hello");
            return bob.Text.Contains("ann: hello", StringComparison.Ordinal);
        });
        await Eventually.TrueAsync(() =>
        {
            bob.Input.WriteLine("good evening");
            return ann.Text.Contains("bob: good evening", StringComparison.Ordinal);
        });
        Assert.Equal(0, await ann.EndAsync());
        Assert.Equal(0, await bob.EndAsync());
        Assert.DoesNotContain("ann: ", ann.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_worker_leaves_the_queue_and_no_job_is_lost(string kind)
    {
        await using TestServer server = await TestServer.StartAsync(kind);
        using RunningSample queue = RunningSample.Start("WorkQueue", server.Url);
        Assert.Equal(0, await queue.EndAsync());
        Assert.Equal("worker 1 has left\n3000 of 3000 jobs done, each once: True\n", queue.Text);
    }

    [Theory]
    [MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]
    public async Task A_web_API_answers_over_the_bus_is_ready_by_it_and_traces_through_it(string kind)
    {
        string site = $"http://127.0.0.1:{FreePorts.Take()}";
        using RunningSample web = RunningSample.Start("Web", "--urls", site, "--Causeway:Servers", (await servers.GetAsync(kind)).Url);
        using HttpClient http = new() { BaseAddress = new Uri(site) };
        await Eventually.TrueAsync(() => web.Text.Contains("Application started", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => web.Text.Contains("Connected to", StringComparison.Ordinal));

        // An application that has started may not have subscribed yet: its worker begins beside it.
        await Eventually.EqualAsync(HttpStatusCode.OK, async () => (await http.GetAsync(new Uri("/readyz", UriKind.Relative), Cancelled)).StatusCode);
        string answer = "";
        await Eventually.EqualAsync(HttpStatusCode.OK, async () =>
        {
            using HttpResponseMessage response = await http.GetAsync(new Uri("/prices/apple", UriKind.Relative), Cancelled);
            answer = await response.Content.ReadAsStringAsync(Cancelled);
            return response.StatusCode;
        });
        Assert.StartsWith("apple costs 5 EUR, trace ", answer, StringComparison.Ordinal);
        string trace = answer.Trim()[^32..];
        await Eventually.TrueAsync(() => web.Text.Contains($"span {trace} Client request prices.ask", StringComparison.Ordinal)
            && web.Text.Contains($"span {trace} Consumer process prices.ask", StringComparison.Ordinal)
            && web.Text.Contains($"span {trace} Producer publish (temporary)", StringComparison.Ordinal)
            && web.Text.Contains($"span {trace} Server ", StringComparison.Ordinal));
    }
}
