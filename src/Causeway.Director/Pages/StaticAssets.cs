using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Causeway.Director.Pages;

/// <summary>The files that stand in the program itself: style sheets, scripts, the icon, and the skeleton of the operations page.</summary>
internal static class StaticAssets
{
    private const string Prefix = "Causeway.Director.Pages.Assets.";
    private static readonly Dictionary<string, Asset> Files = Load();

    /// <summary>The text of <paramref name="name"/>.</summary>
    public static string Text(string name) => Encoding.UTF8.GetString(Files[name].Body);

    /// <summary>Serves one file by its name; browsers ask each time whether theirs is still the newest.</summary>
    public static IResult Serve(string name)
    {
        if (!Files.TryGetValue(name, out Asset? asset) || asset.ContentType is null)
        {
            return Results.NotFound();
        }

        return Results.Bytes(asset.Body, asset.ContentType, entityTag: asset.Tag);
    }

    private static Dictionary<string, Asset> Load()
    {
        Assembly assembly = typeof(StaticAssets).Assembly;
        Dictionary<string, Asset> files = new(StringComparer.Ordinal);
        foreach (string resource in assembly.GetManifestResourceNames().Where(resource => resource.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using Stream stream = assembly.GetManifestResourceStream(resource)!;
            byte[] body = new byte[stream.Length];
            stream.ReadExactly(body);
            string? type = Path.GetExtension(resource) switch
            {
                ".css" => "text/css; charset=utf-8",
                ".js" => "text/javascript; charset=utf-8",
                ".svg" => "image/svg+xml",
                _ => null,
            };
            string tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body)[..12])}\"";
            files.Add(resource[Prefix.Length..], new Asset(body, type, new EntityTagHeaderValue(tag)));
        }

        return files;
    }

    /// <summary>One file; one without a content type is a skeleton and not served as it is.</summary>
    private sealed record Asset(byte[] Body, string? ContentType, EntityTagHeaderValue Tag);
}
