using Causeway.Core.Control;
using Causeway.Director.Tests.Pages.Support;
using Causeway.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace Causeway.Browser.Tests.Pages;

/// <summary>An operator at the page: with the keyboard alone, and while things change.</summary>
public sealed class OperatorTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const int MostTabs = 150;

    [Fact]
    public async Task The_keyboard_is_enough_to_log_in_annotate_an_incident_and_drain_a_region()
    {
        await using PagesHost host = await Scenes.UnderIncidentAsync();
        IPage page = await chromium.OpenAsync();
        await page.GotoAsync(new Uri(host.Address, "/ops").ToString());
        await TabToAsync(page, page.GetByLabel("Token"));
        await page.Keyboard.TypeAsync(PagesHost.Token);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Log out" })).ToBeVisibleAsync();
        await host.ShowAsync(at => MarchIncident.View(at, Scenes.Progress(at)), TimeSpan.FromSeconds(2), 2);

        ILocator text = page.Locator("#incident-list textarea").First;
        await Assertions.Expect(text).ToBeVisibleAsync();
        await TabToAsync(page, text);
        await page.Keyboard.TypeAsync("We have raised the memory limits.");
        await TabToAsync(page, page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).First);
        await page.Keyboard.PressAsync("Enter");
        await Eventually.TrueAsync(() => host.Pages.Status.Current.Log.Open!.Timeline.Any(entry => entry.Text == "We have raised the memory limits."));
        await host.ShowAsync(at => MarchIncident.View(at, Scenes.Progress(at)), TimeSpan.FromSeconds(2));
        await Assertions.Expect(page.Locator("#incident-list").GetByText("We have raised the memory limits.")).ToBeVisibleAsync();

        ILocator drain = page.GetByRole(AriaRole.Button, new() { Name = "Drain region us-east-1" });
        await TabToAsync(page, drain);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#confirm")).ToBeVisibleAsync();
        Assert.Empty(host.Calls);
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator("#confirm")).ToBeHiddenAsync();
        Assert.Empty(host.Calls);
        await TabToAsync(page, drain);
        await page.Keyboard.PressAsync("Enter");
        await TabToAsync(page, page.Locator("#confirm button[type=submit]"));
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#confirm")).ToBeHiddenAsync();
        Assert.Equal(["drain us-east-1"], host.Calls);

        IPage guest = await chromium.OpenAsync();
        await guest.GotoAsync(new Uri(host.Address, "/status").ToString());
        await Assertions.Expect(guest.GetByText("We have raised the memory limits.").First).ToBeVisibleAsync();
        await guest.Context.CloseAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task An_alarm_says_who_tells_it_and_that_it_has_become_worse()
    {
        await using PagesHost host = await PagesHost.StartAsync(Views.Healthy(Views.Start, "a", "b"), Views.Start);
        AlarmReport alarm = Views.Alarm(Views.Start, "link_stall", "a -> b", AlarmSeverity.Warning) with { Key = "a/a-1/link_stall/b/wanted", Details = new Dictionary<string, string> { ["last_failure"] = "" } };
        IPage page = await chromium.OpenAsync();
        await page.LogInAsync(host);
        await host.ShowAsync(at => Views.Healthy(at, "a", "b") with { Alarms = [alarm] }, TimeSpan.FromSeconds(1));
        ILocator shown = page.Locator("#alarm-list li");
        await Assertions.Expect(shown).ToContainTextAsync("told by a/a-1");
        await Assertions.Expect(shown).ToContainTextAsync("warning");
        await Assertions.Expect(shown).Not.ToContainTextAsync("last failure");
        await host.ShowAsync(at => Views.Healthy(at, "a", "b") with { Alarms = [alarm with { Severity = AlarmSeverity.Critical }] }, TimeSpan.FromSeconds(1));
        await Assertions.Expect(shown).ToContainTextAsync("critical");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task What_changes_is_shown_without_loading_the_page_again()
    {
        await using PagesHost host = await PagesHost.StartAsync(MarchIncident.View(Views.Start, 0), Views.Start);
        IPage page = await chromium.OpenAsync();
        await page.LogInAsync(host);
        await host.ShowAsync(at => MarchIncident.View(at, 0), TimeSpan.FromSeconds(1), 2);
        await Assertions.Expect(page.Locator("#alarms-none")).ToBeVisibleAsync();
        await host.ShowAsync(at => MarchIncident.View(at, 1), TimeSpan.FromSeconds(1), 3);
        await Assertions.Expect(page.Locator("#alarm-list li").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#region-rows")).ToContainTextAsync("degraded");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_wrong_token_lets_nobody_in_and_says_so()
    {
        await using PagesHost host = await PagesHost.StartAsync();
        IPage page = await chromium.OpenAsync();
        await page.GotoAsync(new Uri(host.Address, "/ops").ToString());
        await page.GetByLabel("Token").FillAsync("not-it");
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#live")).ToHaveCountAsync(0);
        await page.Context.CloseAsync();
    }

    /// <summary>Presses Tab until the focus is there.</summary>
    private static async Task TabToAsync(IPage page, ILocator wanted)
    {
        for (int i = 0; i < MostTabs; i++)
        {
            if (await wanted.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                return;
            }

            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"{MostTabs} presses of Tab do not lead to {wanted}");
    }
}
