using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Xml.Linq;
using Causeway.Director.Registry;
using Causeway.Director.Status;
using Causeway.Director.Tests.Pages.Support;
using Xunit;

namespace Causeway.Director.Tests.Pages;

public sealed class PublicPagesTests
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/status", HttpStatusCode.OK)]
    [InlineData("/status/history", HttpStatusCode.OK)]
    [InlineData("/status/incidents/none", HttpStatusCode.NotFound)]
    [InlineData("/status.json", HttpStatusCode.OK)]
    [InlineData("/status/feed.atom", HttpStatusCode.OK)]
    [InlineData("/ops", HttpStatusCode.OK)]
    [InlineData("/ops/events", HttpStatusCode.Unauthorized)]
    [InlineData("/assets/site.css", HttpStatusCode.OK)]
    [InlineData("/assets/none.js", HttpStatusCode.NotFound)]
    [InlineData("/assets/ops-body.html", HttpStatusCode.NotFound)]
    public async Task Every_answer_has_the_security_headers(string path, HttpStatusCode code)
    {
        await using PagesHost host = await PagesHost.StartAsync();
        using HttpClient client = new() { BaseAddress = host.Address };
        using HttpResponseMessage answer = await client.GetAsync(path, Cancel);
        Assert.Equal(code, answer.StatusCode);
        string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("DENY", answer.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("same-origin", answer.Headers.GetValues("Referrer-Policy").Single());
    }

    [Fact]
    public async Task The_root_leads_to_the_status_page()
    {
        await using PagesHost host = await PagesHost.StartAsync();
        using HttpClient client = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = host.Address };
        using HttpResponseMessage answer = await client.GetAsync("/", Cancel);
        Assert.Equal("/status", answer.Headers.Location?.ToString());
    }

    [Fact]
    public async Task Before_the_first_measurement_nothing_is_claimed()
    {
        await using PagesHost host = await PagesHost.StartAsync(Views.Healthy(Views.Start));
        using HttpClient client = new() { BaseAddress = host.Address };
        Assert.Contains("No measurements yet", await client.GetStringAsync("/status", Cancel), StringComparison.Ordinal);
        Assert.Equal("unknown", (await client.GetFromJsonAsync<JsonElement>("/status.json", Cancel)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task Json_tells_components_and_incidents()
    {
        await using PagesHost host = await DownAsync();
        using HttpClient client = new() { BaseAddress = host.Address };
        JsonElement json = await client.GetFromJsonAsync<JsonElement>("/status.json", Cancel);
        Assert.Equal("major_outage", json.GetProperty("state").GetString());
        JsonElement[] components = [.. json.GetProperty("components").EnumerateArray()];
        Assert.Equal(["global", "regional/ap-southeast-2", "regional/us-east-1", "regional/us-west-1"], components.Select(component => component.GetProperty("id").GetString()));
        Assert.Equal("partial_outage", components[0].GetProperty("state").GetString());
        Assert.Equal("Regional Real Time Communication (us-east-1)", components[2].GetProperty("name").GetString());
        JsonElement incident = Assert.Single(json.GetProperty("incidents").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, incident.GetProperty("recovered_at").ValueKind);
        Assert.Equal(["detected", "identified"], incident.GetProperty("timeline").EnumerateArray().Select(entry => entry.GetProperty("phase").GetString()).Where(phase => phase != "update"));
    }

    [Fact]
    public async Task The_feed_is_atom_with_an_entry_for_each_incident()
    {
        await using PagesHost host = await DownAsync();
        string id = host.Pages.Status.Current.Log.Open!.Id;
        Assert.Equal("", await host.Pages.Status.AnnotateAsync(id, "Less < more & \u0001 \"quotes\" \U0001F600", Cancel));
        using HttpClient client = new() { BaseAddress = host.Address };
        using HttpResponseMessage answer = await client.GetAsync("/status/feed.atom", Cancel);
        Assert.Equal("application/atom+xml", answer.Content.Headers.ContentType?.MediaType);
        XElement feed = XDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).Root!;
        Assert.Equal(Atom + "feed", feed.Name);
        Assert.All(["id", "title", "updated"], name => Assert.Single(feed.Elements(Atom + name)));
        XElement entry = Assert.Single(feed.Elements(Atom + "entry"));
        Assert.Equal("urn:causeway:incident:" + id, entry.Element(Atom + "id")!.Value);
        Assert.Equal(new Uri(host.Address, "/status/incidents/" + id).ToString(), entry.Element(Atom + "link")!.Attribute("href")!.Value);
        string content = entry.Element(Atom + "content")!.Value;
        Assert.Contains("Less &lt; more &amp;  &quot;quotes&quot; ", content, StringComparison.Ordinal);
        Assert.Contains("\U0001F600", System.Net.WebUtility.HtmlDecode(content), StringComparison.Ordinal);
        Assert.True(DateTimeOffset.Parse(entry.Element(Atom + "updated")!.Value, null) >= Views.Start);
    }

    [Fact]
    public async Task Nothing_that_is_inside_is_public()
    {
        await using PagesHost host = await DownAsync();
        using HttpClient client = new() { BaseAddress = host.Address };
        string id = host.Pages.Status.Current.Log.Open!.Id;
        string[] inside = ["us-east-1-1", "us-east-1-2", "10.1.2.3", "4222", "room.", "secret", "customer", "127.0.0.1:8300", "all nodes are lost", "memory_level"];
        foreach (string path in new[] { "/status", "/status/history", "/status/incidents/" + id, "/status.json", "/status/feed.atom" })
        {
            string text = await client.GetStringAsync(path, Cancel);
            Assert.Contains("us-east-1", text, StringComparison.Ordinal);
            Assert.All(inside, word => Assert.DoesNotContain(word, text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Names_do_not_become_markup()
    {
        const string Evil = "<script>alert(1)</script>\"'&";
        DeploymentView view = Views.Healthy(Views.Start, Evil, "b");
        await using PagesHost host = await PagesHost.StartAsync(view);
        await host.ShowAsync(_ => view.WithDown(Evil), TimeSpan.FromSeconds(1), 3);
        Assert.Equal("", await host.Pages.Status.AnnotateAsync(host.Pages.Status.Current.Log.Open!.Id, Evil, Cancel));
        using HttpClient client = new() { BaseAddress = host.Address };
        foreach (string path in new[] { "/status", "/status/history", "/status/incidents/" + host.Pages.Status.Current.Log.Open!.Id, "/status.json", "/status/feed.atom" })
        {
            string text = await client.GetStringAsync(path, Cancel);
            Assert.DoesNotContain("<script>alert", text, StringComparison.Ordinal);
            Assert.Contains("alert(1)", text, StringComparison.Ordinal);
        }

        XDocument.Parse(await client.GetStringAsync("/status/feed.atom", Cancel));
    }

    [Fact]
    public async Task Public_pages_touch_no_store_and_go_on_while_it_is_down()
    {
        await using PagesHost host = await DownAsync();
        host.Documents.IsDown = true;
        using HttpClient client = new() { BaseAddress = host.Address };
        Assert.Contains("major outage", await client.GetStringAsync("/status", Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Assets_are_asked_for_again_and_not_sent_again()
    {
        await using PagesHost host = await PagesHost.StartAsync();
        using HttpClient client = new() { BaseAddress = host.Address };
        using HttpResponseMessage first = await client.GetAsync("/assets/ops.js", Cancel);
        Assert.Equal("text/javascript", first.Content.Headers.ContentType?.MediaType);
        using HttpRequestMessage again = new(HttpMethod.Get, "/assets/ops.js");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage second = await client.SendAsync(again, Cancel);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
    }

    /// <summary>A deployment that has lost a region, with alarms that name what is inside.</summary>
    private static async Task<PagesHost> DownAsync()
    {
        PagesHost host = await PagesHost.StartAsync();
        await host.ShowAsync(
            at => Views.Healthy(at, "us-east-1", "us-west-1", "ap-southeast-2").WithDown("us-east-1") with { Alarms = [Views.Alarm(at, "memory_level", "us-east-1-1")] },
            TimeSpan.FromSeconds(1), 15);
        Assert.Equal(ComponentState.MajorOutage, host.Pages.Status.Current.Worst);
        return host;
    }
}
