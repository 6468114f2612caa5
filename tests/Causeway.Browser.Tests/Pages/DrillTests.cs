using System.Diagnostics;
using System.Text.Json;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Microsoft.Playwright;
using Xunit;

namespace Causeway.Browser.Tests.Pages;

/// <summary>The drills of <c>causeway up</c> in the browser: a whole deployment is disturbed by clicks, and is put back.</summary>
public sealed class DrillTests(Chromium chromium) : IClassFixture<Chromium>
{
    /// <summary>Has the page keep what it showed as the drill's step: the next may come before anybody looks.</summary>
    private const string NoteSteps = """
        () => {
          window.steps = [];
          const step = document.getElementById("drill-step");
          new MutationObserver(() => window.steps.push(step.textContent)).observe(step, { childList: true, characterData: true, subtree: true });
        }
        """;

    [Fact]
    public async Task An_operator_starts_a_drill_sees_how_far_it_is_and_stops_it()
    {
        using TemporaryFolder logs = new();
        using Process up = Process.Start(new ProcessStartInfo("dotnet", [TestServer.CausewayProgram, "up", "--regions", "2", "--nodes", "1", "--json", "--logs", logs.Path])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            Task<string> notices = up.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string director = await DirectorAsync(up).InTimeAsync();
            IPage page = await chromium.OpenAsync();
            await page.GotoAsync($"{director}ops");
            await page.GetByLabel("Token").FillAsync(await File.ReadAllTextAsync(Path.Combine(logs.Path, "operator.token"), TestContext.Current.CancellationToken));
            await page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
            ILocator start = page.GetByRole(AriaRole.Button, new() { Name = "Start drill link-stall" });
            await Assertions.Expect(start).ToBeEnabledAsync();
            await page.EvaluateAsync(NoteSteps);
            await start.ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Start the drill" }).ClickAsync();
            await page.WaitForFunctionAsync("() => window.steps.some(step => step.includes('link of us-east-1 and us-west-1 stalls'))");
            await Assertions.Expect(start).ToBeDisabledAsync();
            await Assertions.Expect(page.Locator("#link-rows")).ToContainTextAsync("degraded");
            await page.PictureAsync("drill");

            await page.GetByRole(AriaRole.Button, new() { Name = "Stop the drill" }).ClickAsync();
            await page.Locator("#confirm button[type=submit]").ClickAsync();
            await Assertions.Expect(page.Locator("#drill-step")).ToContainTextAsync("stopped before its end");
            await Assertions.Expect(start).ToBeEnabledAsync();
            await Assertions.Expect(page.Locator("#event-list")).ToContainTextAsync("Operator: stop the drill");
            await page.Context.CloseAsync();
            using Process interrupt = Process.Start("kill", ["-INT", $"{up.Id}"]);
            await up.WaitForExitAsync(TestContext.Current.CancellationToken).InTimeAsync();
            Assert.Equal(0, up.ExitCode);
            Assert.DoesNotContain("died", await notices, StringComparison.Ordinal);
        }
        finally
        {
            if (!up.HasExited)
            {
                up.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Where the director serves, as the program prints it once all is up.</summary>
    private static async Task<string> DirectorAsync(Process up)
    {
        string text = "";
        while (await up.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            text += line;
            if (line == "}")
            {
                using JsonDocument report = JsonDocument.Parse(text);
                return report.RootElement.GetProperty("director_url").GetString()!;
            }
        }

        throw new EndOfStreamException($"the program has ended: {text}");
    }
}
