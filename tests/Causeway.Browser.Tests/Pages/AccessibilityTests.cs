using Causeway.Director.Tests.Pages.Support;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Causeway.Browser.Tests.Pages;

/// <summary>What axe finds on every page, in light and dark, on narrow and wide screens; and that nothing runs off a narrow one.</summary>
public sealed class AccessibilityTests(Chromium chromium) : IClassFixture<Chromium>
{
    public static TheoryData<int, ColorScheme> Screens => new()
    {
        { 320, ColorScheme.Light }, { 768, ColorScheme.Dark }, { 1440, ColorScheme.Light }, { 1440, ColorScheme.Dark },
    };

    [Theory]
    [MemberData(nameof(Screens))]
    public async Task No_page_is_hard_to_use(int width, ColorScheme scheme)
    {
        await using PagesHost host = await Scenes.UnderIncidentAsync();
        IPage page = await chromium.OpenAsync(width, 900, scheme);
        foreach (string path in new[] { "/status", "/ops" })
        {
            await page.GotoAsync(new Uri(host.Address, path).ToString());
            await CheckAsync(page, path, width);
        }

        await page.LogInAsync(host);
        await page.ShowLiveAsync(host, at => MarchIncident.View(at, Scenes.Progress(at)));
        await CheckAsync(page, "/ops with a login", width);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_status_page_needs_no_scripts()
    {
        await using PagesHost host = await Scenes.UnderIncidentAsync();
        IPage page = await chromium.OpenAsync(hasScripts: false);
        await page.GotoAsync(new Uri(host.Address, "/status").ToString());
        await Assertions.Expect(page.GetByText("Global Real Time Communication", new() { Exact = true }).First).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Degraded performance").First).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    private static async Task CheckAsync(IPage page, string name, int width)
    {
        AxeResult result = await page.RunAxe();
        string[] grave = [.. result.Violations.Where(violation => violation.Impact is "serious" or "critical").Select(violation => $"{violation.Id}: {string.Join(", ", violation.Nodes.Select(node => node.Html))}")];
        Assert.True(grave.Length == 0, $"{name} at {width}: {string.Join('\n', grave)}");
        int over = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(over <= 0, $"{name} is {over} px wider than a screen of {width} px");
    }
}
