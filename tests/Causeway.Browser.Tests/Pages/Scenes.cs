using System.Text.Json;
using Causeway.Director.Pages;
using Causeway.Director.Registry;
using Causeway.Director.Status;
using Causeway.Director.Tests.Pages.Support;
using Causeway.Tests.Support;
using Microsoft.Playwright;
using Xunit;

namespace Causeway.Browser.Tests.Pages;

/// <summary>What the tests look at: three regions in the middle of the incident, with ninety days behind them.</summary>
internal static class Scenes
{
    /// <summary>The host after 25 minutes of which the last 13 are the incident.</summary>
    public static async Task<PagesHost> UnderIncidentAsync(bool hasDrills = true)
    {
        MemoryDocuments documents = await WithPastAsync();
        PagesHost host = await PagesHost.StartAsync(MarchIncident.View(Views.Start, 0), Views.Start, documents, hasDrills);
        await host.ShowAsync(at => MarchIncident.View(at, Progress(at)), TimeSpan.FromSeconds(2), 750);
        host.State = new DrillState { Name = "march-8", IsRunning = true, StartedAt = Views.Start, Step = "The link to Sydney gets slower.", Progress = 0.62, Held = 9 };
        return host;
    }

    /// <summary>Logs in by the form.</summary>
    public static async Task LogInAsync(this IPage page, PagesHost host)
    {
        await page.GotoAsync(new Uri(host.Address, "/ops").ToString());
        await page.GetByLabel("Token").FillAsync(PagesHost.Token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Log out" })).ToBeVisibleAsync();
        await page.WaitForFunctionAsync("() => document.getElementById('live') !== null");
    }

    /// <summary>Shows the page two more moments of a deployment, and more where it has not heard of any for long: until it calls itself live.</summary>
    public static async Task ShowLiveAsync(this IPage page, PagesHost host, Func<DateTimeOffset, DeploymentView> view)
    {
        TimeSpan step = TimeSpan.FromSeconds(2);
        await host.ShowAsync(view, step, 2);
        await Eventually.EqualAsync("Live", async () =>
        {
            string? text = await page.Locator("#live-text").TextContentAsync();
            if (text == "Not live")
            {
                await host.ShowAsync(view, step);
            }

            return text;
        });
    }

    public static double Progress(DateTimeOffset at) => Math.Clamp(((at - Views.Start).TotalMinutes - 12) / 14, 0, 1);

    private static async Task<MemoryDocuments> WithPastAsync()
    {
        MemoryDocuments documents = new();
        string[] components = ["global", "regional/us-east-1", "regional/us-west-1", "regional/ap-southeast-2"];
        for (int ago = 74; ago > 0; ago--)
        {
            DateTimeOffset midnight = new(Views.Start.UtcDateTime.Date.AddDays(-ago), TimeSpan.Zero);
            DayRecord day = DayRecord.Begin(DayRecord.DayOf(midnight), midnight.AddDays(1));
            foreach (string component in components)
            {
                long bad = (ago, component) switch { (41, "global") => 14, (41, "regional/ap-southeast-2") => 47, (12, "regional/us-east-1") => 9, _ => 0 };
                long minutes = 24 * 60;
                day = day with
                {
                    Milliseconds = day.Milliseconds.Add(component, ago == 41 && component.Length > 6
                        ? [(minutes - bad) * 60_000, 0, 0, bad * 60_000] : ago == 41 ? [(minutes - bad) * 60_000, 0, bad * 60_000, 0] : [(minutes - bad) * 60_000, bad * 60_000, 0, 0]),
                };
            }

            Assert.True(await documents.TryWriteAsync($"status/day/{day.Day:yyyy-MM-dd}", JsonSerializer.SerializeToUtf8Bytes(day, StatusJson.Default.DayRecord), 0, CancellationToken.None));
        }

        DateTimeOffset then = Views.Start.AddDays(-41).AddHours(3);
        IncidentLog log = IncidentLog.Empty.WithOpened([new ComponentStatus { Id = "regional/ap-southeast-2", Region = "ap-southeast-2", State = ComponentState.MajorOutage, Since = then }], then);
        Incident past = log.Open!.WithEntry(IncidentPhase.Identified, StatusWords.Identified(Trouble.Servers), then.AddMinutes(2))
            .WithEntry(IncidentPhase.Update, "A power supply in one building of the region has failed. All users are served by other regions meanwhile.", then.AddMinutes(11), isByOperator: true)
            .WithEntry(IncidentPhase.Mitigated, StatusWords.Mitigated, then.AddMinutes(44)).WithEntry(IncidentPhase.Recovered, StatusWords.Recovered, then.AddMinutes(47));
        Assert.True(await documents.TryWriteAsync("status/incidents", JsonSerializer.SerializeToUtf8Bytes(log.With(past), StatusJson.Default.IncidentLog), 0, CancellationToken.None));
        return documents;
    }
}
