using System.Globalization;
using System.Text.Json;
using Causeway.Cli.Output;

namespace Causeway.Cli.Inspect;

/// <summary>Takes values off a page in the form in which tables show them. A field that a page lacks is a <see cref="KeyNotFoundException"/>.</summary>
internal static class PageReading
{
    private const string Nothing = "-";

    private static readonly (string Suffix, double Factor)[] Units = [("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10)];

    public static string Text(this JsonElement row, string name) => row.GetProperty(name).GetString() is { Length: > 0 } text ? text : Nothing;

    public static bool Has(this JsonElement row, string name) => row.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    public static bool Flag(this JsonElement row, string name) => row.GetProperty(name).GetBoolean();

    public static long Whole(this JsonElement row, string name) => row.GetProperty(name).GetInt64();

    public static IEnumerable<JsonElement> Rows(this JsonElement page, string name) => page.GetProperty(name).EnumerateArray();

    public static string Names(this JsonElement row, string name) =>
        row.GetProperty(name).GetArrayLength() == 0 ? Nothing : string.Join(", ", row.Rows(name).Select(item => item.GetString()));

    public static Cell YesNo(this JsonElement row, string name) => row.Flag(name) ? "yes" : "no";

    public static Cell Count(this JsonElement row, string name) => Number(row.Whole(name).ToString(CultureInfo.InvariantCulture));

    public static Cell Size(this JsonElement row, string name) => Size(row.Whole(name));

    public static Cell Size(double bytes)
    {
        foreach ((string suffix, double factor) in Units)
        {
            if (bytes >= factor)
            {
                return Number(string.Create(CultureInfo.InvariantCulture, $"{bytes / factor:0.0}{suffix}"));
            }
        }

        return Number(string.Create(CultureInfo.InvariantCulture, $"{bytes:0}B"));
    }

    public static Cell Milliseconds(this JsonElement row, string name) =>
        Number(row.Has(name) ? string.Create(CultureInfo.InvariantCulture, $"{row.GetProperty(name).GetDouble():0.0}ms") : Nothing);

    /// <summary>The line above all tables: whose page it is.</summary>
    public static string Head(this JsonElement page) =>
        page.Has("region") ? $"node {page.Text("node")} in region {page.Text("region")}" : $"node {page.Text("node")} by itself, in no region";

    private static Cell Number(string text) => new(text, IsNumber: true);
}
