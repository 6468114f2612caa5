using System.Net;
using Causeway.Director.Pages;
using Causeway.Director.Tests.Pages.Support;
using Xunit;

namespace Causeway.Director.Tests.Pages;

public sealed class OpsAccessTests
{
    private static readonly string[] Actions = ["drain-region", "undrain-region", "drain-node", "memory-limit", "annotate", "retire-region", "start-drill", "stop-drill"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_login_nothing_can_be_done_or_seen()
    {
        await using PagesHost host = await PagesHost.StartAsync(hasDrills: true);
        using Operator stranger = new(host);
        foreach (string action in Actions)
        {
            using HttpResponseMessage answer = await stranger.ActAsync(action, new { region = "us-east-1", node = "us-east-1-1", bytes = 1 << 28 }, "a-token");
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        foreach (string path in new[] { "/ops/events", "/ops/history", "/ops/history?node=us-east-1/us-east-1-1", "/ops/drills", "/ops/drills/report" })
        {
            using HttpResponseMessage answer = await stranger.Client.GetAsync(path, Cancel);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        string page = await stranger.Client.GetStringAsync("/ops", Cancel);
        Assert.Contains("action=\"/ops/login\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("us-east-1", page, StringComparison.Ordinal);
        Assert.Empty(host.Calls);
    }

    [Fact]
    public async Task A_login_gives_a_cookie_that_scripts_and_other_sites_do_not_get()
    {
        await using PagesHost host = await PagesHost.StartAsync();
        using Operator one = new(host);
        using HttpResponseMessage answer = await one.LogInAsync(PagesHost.Token);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        string cookie = answer.Headers.GetValues("Set-Cookie").Single();
        Assert.All(["httponly", "samesite=strict", "path=/ops", "max-age=43200"], attribute => Assert.Contains(attribute, cookie, StringComparison.Ordinal));
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task A_cookie_that_was_changed_or_is_too_old_counts_for_nothing()
    {
        await using PagesHost host = await PagesHost.StartAsync();
        using Operator one = await Operator.LoggedInAsync(host);
        string good = one.Cookies.Single().Value;
        for (int i = 0; i < good.Length - 1; i++)
        {
            string changed = good[..i] + (good[i] == 'A' ? 'B' : 'A') + good[(i + 1)..];
            Assert.Equal(HttpStatusCode.Unauthorized, await CodeAsync(host, changed));
        }

        Assert.Equal(HttpStatusCode.OK, await CodeAsync(host, good));
        host.Time.Advance(PagesLimits.MaxSessionAge);
        Assert.Equal(HttpStatusCode.Unauthorized, await CodeAsync(host, good));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task An_action_without_the_pages_own_token_is_refused(string? csrf)
    {
        await using PagesHost host = await PagesHost.StartAsync();
        using Operator one = await Operator.LoggedInAsync(host);
        using HttpResponseMessage answer = await one.ActAsync("drain-region", new { region = "us-east-1" }, csrf);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Empty(host.Calls);
    }

    [Fact]
    public async Task The_token_of_another_login_is_refused()
    {
        await using PagesHost host = await PagesHost.StartAsync();
        using Operator one = await Operator.LoggedInAsync(host);
        using Operator other = await Operator.LoggedInAsync(host);
        using HttpResponseMessage answer = await one.ActAsync("drain-region", new { region = "us-east-1" }, other.Csrf);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    public async Task A_request_from_another_site_is_refused(string header, string value)
    {
        await using PagesHost host = await PagesHost.StartAsync();
        using Operator one = await Operator.LoggedInAsync(host);
        using HttpResponseMessage action = await one.ActAsync("drain-region", new { region = "us-east-1" }, (header, value));
        Assert.Equal(HttpStatusCode.Forbidden, action.StatusCode);
        using Operator stranger = new(host);
        using HttpResponseMessage login = await stranger.LogInAsync(PagesHost.Token, (header, value));
        Assert.Equal(HttpStatusCode.Forbidden, login.StatusCode);
        Assert.Empty(host.Calls);
    }

    [Fact]
    public async Task Five_wrong_tokens_a_minute_are_enough()
    {
        await using PagesHost host = await PagesHost.StartAsync();
        using Operator one = new(host);
        for (int i = 0; i < PagesLimits.MaxLoginsByAddress; i++)
        {
            using HttpResponseMessage wrong = await one.LogInAsync("wrong");
            Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
        }

        using HttpResponseMessage refused = await one.LogInAsync(PagesHost.Token);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(60, refused.Headers.RetryAfter?.Delta?.TotalSeconds);
        Assert.Equal(1, host.Pages.RefusedLogins);
        host.Time.Advance(TimeSpan.FromMinutes(1));
        using HttpResponseMessage later = await one.LogInAsync(PagesHost.Token);
        Assert.Equal(HttpStatusCode.Redirect, later.StatusCode);
    }

    [Fact]
    public async Task Right_tokens_do_not_count()
    {
        await using PagesHost host = await PagesHost.StartAsync();
        using Operator one = new(host);
        for (int i = 0; i < 20; i++)
        {
            using HttpResponseMessage right = await one.LogInAsync(PagesHost.Token);
            Assert.Equal(HttpStatusCode.Redirect, right.StatusCode);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("token-of-the-operator")]
    public async Task A_wrong_token_is_told_so(string token)
    {
        await using PagesHost host = await PagesHost.StartAsync();
        using Operator one = new(host);
        using HttpResponseMessage answer = await one.LogInAsync(token);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("This is not the operators&#x27; token.", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Empty(one.Cookies);
    }

    [Fact]
    public async Task A_login_of_one_director_holds_on_another_and_ends_on_both()
    {
        await using PagesHost first = await PagesHost.StartAsync();
        await using PagesHost second = await PagesHost.StartAsync(documents: first.Documents);
        using Operator one = await Operator.LoggedInAsync(first);
        string cookie = one.Cookies.Single().Value;
        Assert.Equal(HttpStatusCode.OK, await CodeAsync(second, cookie));
        using FormUrlEncodedContent noToken = new([]);
        using HttpResponseMessage refused = await one.Client.PostAsync("/ops/logout", noToken, Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using FormUrlEncodedContent form = new([new("csrf", one.Csrf)]);
        using HttpResponseMessage ended = await one.Client.PostAsync("/ops/logout", form, Cancel);
        Assert.Equal(HttpStatusCode.Redirect, ended.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await CodeAsync(first, cookie));
        second.Time.Advance(PagesLimits.MaxRevokedAge + TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await CodeAsync(second, cookie));
    }

    [Fact]
    public async Task Operators_get_in_while_the_store_is_down()
    {
        await using PagesHost host = await PagesHost.StartAsync();
        host.Documents.IsDown = true;
        using Operator one = await Operator.LoggedInAsync(host);
        using HttpResponseMessage answer = await one.ActAsync("drain-region", new { region = "us-east-1" });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["drain us-east-1"], host.Calls);
    }

    private static async Task<HttpStatusCode> CodeAsync(PagesHost host, string cookie)
    {
        using HttpClient client = new(new HttpClientHandler { UseCookies = false }) { BaseAddress = host.Address };
        using HttpRequestMessage request = new(HttpMethod.Get, "/ops/history");
        request.Headers.Add("Cookie", "causeway_ops=" + cookie);
        using HttpResponseMessage answer = await client.SendAsync(request, Cancel);
        return answer.StatusCode;
    }
}
