using Causeway.Director.Tests.Pages.Support;
using Microsoft.Playwright;
using Xunit;

namespace Causeway.Browser.Tests.Pages;

/// <summary>How the pages look: pictures for people to look at, in the folder that CAUSEWAY_SCREENSHOTS names, if it names one.</summary>
public sealed class LookTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Theory]
    [InlineData(390, ColorScheme.Light)]
    [InlineData(768, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    public async Task Pages_are_pictured(int width, ColorScheme scheme)
    {
        await using PagesHost host = await Scenes.UnderIncidentAsync();
        IPage page = await chromium.OpenAsync(width, 900, scheme);
        await page.GotoAsync(new Uri(host.Address, "/status").ToString());
        await page.PictureAsync($"status-{width}-{scheme}");
        await page.GotoAsync(new Uri(host.Address, "/ops").ToString());
        await page.PictureAsync($"login-{width}-{scheme}");
        await page.LogInAsync(host);
        await page.ShowLiveAsync(host, at => MarchIncident.View(at, Scenes.Progress(at)));
        Assert.True(await page.PictureAsync($"ops-{width}-{scheme}") > 50_000);
        await page.GetByRole(AriaRole.Button, new() { Name = "Drain region us-east-1" }).ClickAsync();
        await page.PictureAsync($"dialog-{width}-{scheme}", isWhole: false);
        await page.Context.CloseAsync();
    }

    /// <summary>What can be done with a node stays in view, and must not stand before what the node is.</summary>
    [Theory]
    [InlineData(1280)]
    [InlineData(390)]
    public async Task The_table_of_nodes_hides_nothing_behind_its_actions(int width)
    {
        await using PagesHost host = await PagesHost.StartAsync(MarchIncident.View(Views.Start, 0), Views.Start);
        IPage page = await chromium.OpenAsync(width);
        await page.GotoAsync(new Uri(host.Address, "/ops").ToString());
        await page.LogInAsync(host);
        await host.ShowAsync(at => MarchIncident.View(at, 0), TimeSpan.FromSeconds(2), 2);
        await Assertions.Expect(page.Locator("#node-rows tr").First).ToBeVisibleAsync();
        Assert.Equal(0, await page.EvaluateAsync<int>("""
            () => [...document.querySelectorAll("#node-rows tr")].filter(row => {
              const actions = row.querySelector("td.actions").getBoundingClientRect();
              return [...row.cells].slice(0, -1).some(cell => cell.getBoundingClientRect().right > actions.left + 1);
            }).length
            """));
        await page.Context.CloseAsync();
    }
}
