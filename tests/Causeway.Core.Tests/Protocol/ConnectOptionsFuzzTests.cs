using System.Text.Json;
using Causeway.Core.Protocol;
using Causeway.Core.Tests.Support;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Protocol;

/// <summary>JSON of every kind, right and damaged, is read as a reading of the whole document would have it.</summary>
public sealed class ConnectOptionsFuzzTests
{
    private static readonly Gen<string> Key = Gen.OneOf(
        "verbose", "pedantic", "echo", "headers", "no_responders", "protocol", "name", "lang", "version", "VERBOSE", "Name", "other", "", "na\\u006de");

    private static readonly Gen<string> Value = Gen.OneOf(
        "true", "false", "null", "0", "1", "-1", "2147483648", "1.5", "\"\"", "\"x\"", "\"\\u00e9\\n\"", "\"\\ud800\"", "{}", "[]", "[{\"verbose\":1}]", "tru", "");

    private static readonly Gen<byte[]> Documents = Gen.Select(
        Gen.Select(Key, Value, (key, value) => $"\"{key}\":{value}").Array[0, 6],
        Gen.OneOf(",", ",", ",", " , ", ",,", ""),
        Gen.OneOf("", "", "", " ", "x", "{}"),
        (members, comma, end) => Wire.Bytes($"{{{string.Join(comma, members)}}}{end}"));

    private static readonly Gen<byte[]> Damaged = Gen.Select(Documents, Gen.Int[0, 1000], Gen.Byte, Gen.Int[0, 3], (document, where, value, how) =>
    {
        int at = where % Math.Max(1, document.Length);
        return how switch
        {
            0 => document[..at],
            1 => [.. document[..at], value, .. document[at..]],
            2 when document.Length > 0 => [.. document[..at], value, .. document[(at + 1)..]],
            _ => document,
        };
    });

    [Fact]
    public void Any_bytes_are_read_as_the_document_they_are_or_refused() =>
        Gen.Frequency<byte[]>((6, Damaged), (1, Gen.Byte.Array[0, 30])).Sample(
            json =>
            {
                ConnectOptions options = new();
                bool taken = options.TryApply(json);
                string? expected = Describe(json);
                Assert.Equal(expected is not null, taken);
                if (taken)
                {
                    Assert.Equal(expected, Describe(options));
                }
            },
            iter: 100_000,
            print: json => Wire.Literal(json));

    private static string Describe(ConnectOptions o) =>
        $"{o.Verbose} {o.Pedantic} {o.Echo} {o.Headers} {o.NoResponders} {o.Protocol} {o.Name} {o.Lang} {o.Version}";

    /// <summary>What the document says, by the runtime's own reader of documents; null if it has not the right shape.</summary>
    private static string? Describe(byte[] json)
    {
        Dictionary<string, object> values = new()
        {
            ["verbose"] = true,
            ["pedantic"] = true,
            ["echo"] = true,
            ["headers"] = false,
            ["no_responders"] = false,
            ["protocol"] = 0,
            ["name"] = "",
            ["lang"] = "",
            ["version"] = "",
        };
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Null)
            {
                return string.Join(' ', values.Values);
            }

            foreach (JsonProperty member in document.RootElement.EnumerateObject())
            {
                string key = member.Name.ToLowerInvariant();
                if (member.Value.ValueKind != JsonValueKind.Null && values.TryGetValue(key, out object? old))
                {
                    values[key] = old switch
                    {
                        bool => member.Value.GetBoolean(),
                        int => member.Value.GetInt32(),
                        _ => member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : throw new FormatException(),
                    };
                }
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }

        return string.Join(' ', values.Values);
    }
}
