using System.Text.Json;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Results;

/// <summary>Results in files: one, or a list of several runs of the same drill.</summary>
internal static class ResultFile
{
    /// <summary>The largest file that is read.</summary>
    public const int BytesMax = 64 << 20;

    /// <summary>The text of results: an object for one, a list for several.</summary>
    public static byte[] Write(IReadOnlyList<DrillResult> results) => results.Count == 1
        ? JsonSerializer.SerializeToUtf8Bytes(results[0], ResultJson.Default.DrillResult)
        : JsonSerializer.SerializeToUtf8Bytes(results, ResultJson.Default.IReadOnlyListDrillResult);

    /// <summary>Reads the results of a file.</summary>
    /// <exception cref="ArgumentException">It can't be read, or is no result; the message names it.</exception>
    public static IReadOnlyList<DrillResult> Read(string path)
    {
        try
        {
            FileInfo file = new(path);
            if (file.Exists && file.Length > BytesMax)
            {
                throw Wrong(path, $"has {file.Length} bytes");
            }

            return Read(path, File.ReadAllBytes(path));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"'{path}' can't be read: {ScriptText.OneLine(problem.Message)}", problem);
        }
    }

    /// <summary>Reads the results of a text; <paramref name="name"/> stands for it in errors.</summary>
    public static IReadOnlyList<DrillResult> Read(string name, byte[] json)
    {
        try
        {
            bool isList = json.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("["u8);
            IReadOnlyList<DrillResult>? results = isList
                ? JsonSerializer.Deserialize(json, ResultJson.Default.IReadOnlyListDrillResult)
                : [JsonSerializer.Deserialize(json, ResultJson.Default.DrillResult)!];
            return results is { Count: > 0 } && results.All(IsWhole) ? results : throw Wrong(name, "is no result of this version");
        }
        catch (JsonException problem)
        {
            throw Wrong(name, $"is no result ({ScriptText.OneLine(problem.Message)})");
        }
    }

    private static bool IsWhole(DrillResult? result)
    {
        if (result is not { Format: DrillResult.CurrentFormat, TimeScale: > 0, Events: not null, Series.AtSeconds: { } rows }
            || (result.StartsAt is { } clock && !TimeOnly.TryParse(clock, System.Globalization.CultureInfo.InvariantCulture, out _)))
        {
            return false;
        }

        IEnumerable<IReadOnlyList<double?>> columns =
        [
            .. result.Series.Nodes.SelectMany(node => (IReadOnlyList<double?>[])
                [node.ResidentBytes, node.LimitBytes, node.LinkPendingBytes, node.LinkLagEntries, node.Clients, node.Subscriptions, node.CpuSeconds]),
            .. result.Series.Regions.SelectMany(region => (IReadOnlyList<double?>[])
                [region.ClientsHere, region.LocalReceived, region.LocalLost, region.RemoteReceived, region.RemoteLost, region.CallsAnswered, region.CallsFailed]),
        ];
        return columns.All(column => column is not null && column.Count == rows.Count);
    }

    private static ArgumentException Wrong(string name, string problem) =>
        new($"'{name}' {problem}; accepted is a file that 'causeway drill --json' wrote, up to {BytesMax >> 20} MiB");
}
