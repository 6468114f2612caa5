using Microsoft.Playwright;

namespace Causeway.Browser.Tests.Pages;

/// <summary>Pictures for people to look at, in the folder that CAUSEWAY_SCREENSHOTS names, if it names one.</summary>
internal static class Pictures
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("CAUSEWAY_SCREENSHOTS");

    /// <summary>Takes one of the whole page, or of what is in view; gives its size in bytes.</summary>
    public static async Task<int> PictureAsync(this IPage page, string name, bool isWhole = true)
    {
        byte[] picture = await page.ScreenshotAsync(new PageScreenshotOptions { Path = Folder is null ? null : Path.Combine(Folder, name + ".png"), FullPage = isWhole });
        return picture.Length;
    }
}
