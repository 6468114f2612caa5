using System.Text;
using System.Text.Json;

namespace Causeway.Core.Transcripts;

/// <summary>Takes out of the argument of a CONNECT what a client proves itself with, so that the rest can be shown.</summary>
public static class ConnectRedaction
{
    /// <summary>What stands in place of a secret.</summary>
    public const string Redacted = "[REDACTED]";

    private static readonly string[] Secrets = ["pass", "token", "jwt", "sig", "secret", "seed"];

    /// <summary>
    /// The argument without the values of all keys that have to do with passwords, tokens, JWTs and signatures, whatever the case and escapes of
    /// their names. One that is no object in JSON is not shown at all: a secret could stand anywhere in it.
    /// </summary>
    public static byte[] Without(ReadOnlySpan<byte> json)
    {
        List<byte> shown = new(json.Length);
        int from = 0;
        try
        {
            Utf8JsonReader reader = new(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return Encoding.ASCII.GetBytes(Redacted);
            }

            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || !IsSecret(reader.GetString()!))
                {
                    continue;
                }

                reader.Read();
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                shown.AddRange(json[from..start]);
                shown.AddRange(Encoding.ASCII.GetBytes($"\"{Redacted}\""));
                from = (int)reader.BytesConsumed;
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            return Encoding.ASCII.GetBytes(Redacted);
        }

        shown.AddRange(json[from..]);
        return [.. shown];
    }

    private static bool IsSecret(string key) => Secrets.Any(secret => key.Contains(secret, StringComparison.OrdinalIgnoreCase));
}
