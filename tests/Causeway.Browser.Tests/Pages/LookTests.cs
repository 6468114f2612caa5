using Causeway.Director.Tests.Pages.Support;
using Microsoft.Playwright;
using Xunit;

namespace Causeway.Browser.Tests.Pages;

/// <summary>How the pages look: pictures for people to look at, in the folder that CAUSEWAY_SCREENSHOTS names, if it names one.</summary>
public sealed class LookTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly string Folder = Environment.GetEnvironmentVariable("CAUSEWAY_SCREENSHOTS") ?? Directory.CreateTempSubdirectory("causeway-pictures-").FullName;

    [Theory]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(768, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    public async Task Pages_are_pictured(int width, ColorScheme scheme)
    {
        await using PagesHost host = await Scenes.UnderIncidentAsync();
        IPage page = await chromium.OpenAsync(width, 900, scheme);
        await page.GotoAsync(new Uri(host.Address, "/status").ToString());
        await PictureAsync(page, "status", width, scheme);
        await page.GotoAsync(new Uri(host.Address, "/ops").ToString());
        await PictureAsync(page, "login", width, scheme);
        await page.LogInAsync(host);
        await host.ShowAsync(at => MarchIncident.View(at, Scenes.Progress(at)), TimeSpan.FromSeconds(2), 2);
        await Assertions.Expect(page.Locator("#live-text")).ToHaveTextAsync("Live");
        await PictureAsync(page, "ops", width, scheme);
        await page.GetByRole(AriaRole.Button, new() { Name = "Drain region us-east-1" }).ClickAsync();
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder, $"dialog-{width}-{scheme}.png") });
        Assert.True(new FileInfo(Path.Combine(Folder, $"ops-{width}-{scheme}.png")).Length > 50_000);
        await page.Context.CloseAsync();
    }

    private static Task<byte[]> PictureAsync(IPage page, string name, int width, ColorScheme scheme) =>
        page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Folder, $"{name}-{width}-{scheme}.png"), FullPage = true });
}
