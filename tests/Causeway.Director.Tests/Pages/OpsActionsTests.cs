using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Causeway.Director.Pages;
using Causeway.Director.Tests.Pages.Support;
using Xunit;

namespace Causeway.Director.Tests.Pages;

public sealed class OpsActionsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_action_reaches_the_deployment()
    {
        await using PagesHost host = await PagesHost.StartAsync(hasDrills: true);
        using Operator one = await Operator.LoggedInAsync(host);
        await DoneAsync(one, "drain-region", new { region = "us-east-1" });
        await DoneAsync(one, "undrain-region", new { region = "us-east-1" });
        await DoneAsync(one, "drain-node", new { region = "us-west-1", node = "us-west-1-2" });
        await DoneAsync(one, "memory-limit", new { region = "us-west-1", node = "us-west-1-2", bytes = 805_306_368L });
        await DoneAsync(one, "start-drill", new { name = "march-8" });
        await DoneAsync(one, "stop-drill", new { });
        Assert.Equal(
            ["drain us-east-1", "undrain us-east-1", "drain us-west-1/us-west-1-2", "limit us-west-1/us-west-1-2 805306368", "start march-8", "stop"], host.Calls);
    }

    [Fact]
    public async Task The_report_of_a_drill_is_a_page_that_runs_nothing()
    {
        await using PagesHost host = await PagesHost.StartAsync(hasDrills: true);
        using Operator one = await Operator.LoggedInAsync(host);
        using HttpResponseMessage none = await one.Client.GetAsync("/ops/drills/report", Cancel);
        Assert.Equal((HttpStatusCode.NotFound, "there is no report of a drill"), (none.StatusCode, await ProblemAsync(none)));
        await DoneAsync(one, "start-drill", new { name = "march-8" });
        using HttpResponseMessage report = await one.Client.GetAsync("/ops/drills/report", Cancel);
        Assert.Contains("A report", await report.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        string policy = string.Join(' ', report.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("sandbox", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("script-src", policy, StringComparison.Ordinal);
        Assert.Equal(["no-store"], report.Headers.GetValues("Cache-Control"));
    }

    [Theory]
    [InlineData("drain-region", "{\"region\":\"mars\"}", "there is no region 'mars'; known are us-east-1, us-west-1, ap-southeast-2")]
    [InlineData("drain-region", "{}", "there is no region ''; known are us-east-1, us-west-1, ap-southeast-2")]
    [InlineData("drain-region", "{\"region\":null}", "there is no region ''; known are us-east-1, us-west-1, ap-southeast-2")]
    [InlineData("drain-node", "{\"region\":\"us-east-1\",\"node\":\"us-west-1-1\"}", "there is no node 'us-west-1-1' in region 'us-east-1'")]
    [InlineData("memory-limit", "{\"region\":\"us-east-1\",\"node\":\"us-east-1-1\",\"bytes\":0}", "the memory limit is 0 bytes, accepted is a number above 0")]
    [InlineData("start-drill", "{\"name\":\"march-8\"}", "drills can't be started from this director")]
    [InlineData("format-disk", "{}", "there is no action 'format-disk'")]
    [InlineData("drain-region", "[]", "the request is not a JSON object with the action's fields")]
    [InlineData("drain-region", "{\"region\":7}", "the request is not a JSON object with the action's fields")]
    [InlineData("drain-region", "{\"region\":\"\\ud800\"}", "the request is not a JSON object with the action's fields")]
    [InlineData("drain-region", "", "the request is not a JSON object with the action's fields")]
    public async Task What_can_not_be_meant_is_refused_in_one_line(string action, string body, string problem)
    {
        await using PagesHost host = await PagesHost.StartAsync();
        using Operator one = await Operator.LoggedInAsync(host);
        using HttpResponseMessage answer = await PostAsync(one, action, body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(problem, await ProblemAsync(answer));
        Assert.Empty(host.Calls);
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused()
    {
        await using PagesHost host = await PagesHost.StartAsync();
        using Operator one = await Operator.LoggedInAsync(host);
        using HttpResponseMessage answer = await one.ActAsync("annotate", new { incident = "x", text = new string('a', 100_000) });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task A_problem_is_passed_on_and_noted()
    {
        await using PagesHost host = await PagesHost.StartAsync();
        host.Outcome = new ActionOutcome("the node refuses: it is draining already");
        using Operator one = await Operator.LoggedInAsync(host);
        using HttpResponseMessage answer = await one.ActAsync("drain-node", new { region = "us-east-1", node = "us-east-1-1" });
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("the node refuses: it is draining already", await ProblemAsync(answer));
    }

    [Fact]
    public async Task An_annotation_is_public_at_once()
    {
        await using PagesHost host = await PagesHost.StartAsync();
        await host.ShowAsync(at => Views.Healthy(at, "us-east-1", "us-west-1").WithDown("us-east-1"), TimeSpan.FromSeconds(1), 3);
        using Operator one = await Operator.LoggedInAsync(host);
        await DoneAsync(one, "annotate", new { incident = host.Pages.Status.Current.Log.Open!.Id, text = "We add servers in the west." });
        using HttpClient anyone = new() { BaseAddress = host.Address };
        Assert.Contains("We add servers in the west.", await anyone.GetStringAsync("/status", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_shows_each_change_of_the_deployment()
    {
        await using PagesHost host = await PagesHost.StartAsync();
        using Operator one = await Operator.LoggedInAsync(host);
        host.Deployment.Show(Views.Healthy(Views.Start, "us-east-1"));
        using Stream stream = await one.Client.GetStreamAsync("/ops/events", Cancel);
        using StreamReader reader = new(stream);
        JsonElement first = await NextAsync(reader);
        Assert.Equal(2, first.GetProperty("nodes").GetArrayLength());
        host.Deployment.Show(Views.Healthy(Views.Start.AddSeconds(1), "us-east-1", "us-west-1"));
        JsonElement second = await NextAsync(reader);
        Assert.Equal(4, second.GetProperty("nodes").GetArrayLength());
        Assert.Equal(2150, second.GetProperty("nodes")[0].GetProperty("in_per_second").GetDouble());
        Assert.Equal("Region us-west-1 has appeared", second.GetProperty("events").EnumerateArray().Last().GetProperty("text").GetString());
    }

    [Fact]
    public async Task Streams_are_bounded_and_end_with_their_login()
    {
        await using PagesHost host = await PagesHost.StartAsync();
        using Operator one = await Operator.LoggedInAsync(host);
        List<HttpResponseMessage> open = [];
        for (int i = 0; i < PagesLimits.MaxStreams; i++)
        {
            open.Add(await one.Client.GetAsync("/ops/events", HttpCompletionOption.ResponseHeadersRead, Cancel));
        }

        using HttpResponseMessage refused = await one.Client.GetAsync("/ops/events", HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(1, host.Pages.RefusedStreams);
        open[0].Dispose();
        await Causeway.Tests.Support.Eventually.TrueAsync(() => host.Pages.OpenStreams == PagesLimits.MaxStreams - 1);
        host.Time.Advance(PagesLimits.MaxSessionAge);
        host.Deployment.Show(host.Deployment.Current with { At = host.Time.GetUtcNow() });
        await Causeway.Tests.Support.Eventually.TrueAsync(() => host.Pages.OpenStreams == 0);
        open.ForEach(answer => answer.Dispose());
    }

    [Fact]
    public async Task History_has_the_samples_of_nodes_and_regions()
    {
        await using PagesHost host = await PagesHost.StartAsync();
        await host.ShowAsync(at => MarchIncident.View(at, 0.5), TimeSpan.FromSeconds(2), 10);
        using Operator one = await Operator.LoggedInAsync(host);
        JsonElement all = await one.Client.GetFromJsonAsync<JsonElement>("/ops/history", Cancel);
        Assert.Equal(6, all.GetProperty("nodes").GetArrayLength());
        Assert.Equal(10, all.GetProperty("nodes")[0].GetProperty("used").GetArrayLength());
        Assert.Equal(["ap-southeast-2", "us-east-1", "us-west-1"], all.GetProperty("regions").EnumerateArray().Select(region => region.GetProperty("region").GetString()));
        JsonElement node = await one.Client.GetFromJsonAsync<JsonElement>("/ops/history?node=us-east-1/us-east-1-1", Cancel);
        Assert.Equal(8, node.GetProperty("uses").GetArrayLength());
        using HttpResponseMessage none = await one.Client.GetAsync("/ops/history?node=us-east-1/none", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    private static async Task<JsonElement> NextAsync(StreamReader reader)
    {
        while (true)
        {
            string? line = await reader.ReadLineAsync(Cancel);
            Assert.NotNull(line);
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return JsonDocument.Parse(line["data: ".Length..]).RootElement;
            }
        }
    }

    private static async Task DoneAsync(Operator one, string action, object fields)
    {
        using HttpResponseMessage answer = await one.ActAsync(action, fields);
        Assert.Equal("", await ProblemAsync(answer));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<string?> ProblemAsync(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("problem").GetString();

    private static async Task<HttpResponseMessage> PostAsync(Operator one, string action, string body)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/ops/actions/" + action) { Content = new StringContent(body, null, "application/json") };
        request.Headers.Add("X-Causeway-Csrf", one.Csrf);
        return await one.Client.SendAsync(request, Cancel);
    }
}
