using System.Text.Json;

namespace Causeway.Core.Protocol;

/// <summary>
/// What a client said of itself with CONNECT, with nats-server's values for what it left out. A later CONNECT changes only what it
/// names. Keys are case-insensitive, unknown ones are ignored, and null is as if absent.
/// </summary>
public sealed class ConnectOptions
{
    /// <summary>Answer every command with +OK.</summary>
    public bool Verbose { get; private set; } = true;

    /// <summary>Check the subjects of messages.</summary>
    public bool Pedantic { get; private set; } = true;

    /// <summary>Deliver the client's own messages to its own subscriptions.</summary>
    public bool Echo { get; private set; } = true;

    /// <summary>The client understands headers.</summary>
    public bool Headers { get; private set; }

    /// <summary>Answer a request that nobody hears with a 503 message.</summary>
    public bool NoResponders { get; private set; }

    /// <summary>The client's protocol level: 1 understands INFO at any time.</summary>
    public int Protocol { get; private set; }

    /// <summary>The name that the client goes by.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The client library's language.</summary>
    public string Lang { get; private set; } = "";

    /// <summary>The client library's version.</summary>
    public string Version { get; private set; } = "";

    /// <summary>What is wrong with the options together, as the text of an error; null if they are fine.</summary>
    public string? Fault => Protocol is not (0 or 1) ? ProtocolError.InvalidProtocol
        : NoResponders && !Headers ? ProtocolError.NoRespondersNeedsHeaders
        : null;

    /// <summary>Takes in the argument of a CONNECT; false if it is not JSON of the right shape, and then nothing is to be relied on.</summary>
    public bool TryApply(ReadOnlySpan<byte> json)
    {
        try
        {
            Utf8JsonReader reader = new(json);
            if (!reader.Read())
            {
                return false;
            }

            if (reader.TokenType == JsonTokenType.Null)
            {
                return !reader.Read();
            }

            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string key = reader.GetString()!.ToLowerInvariant();
                reader.Read();
                if (reader.TokenType == JsonTokenType.Null)
                {
                    continue;
                }

                if (!TrySet(key, ref reader))
                {
                    return false;
                }
            }

            return reader.TokenType == JsonTokenType.EndObject && !reader.Read();
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    private bool TrySet(string key, ref Utf8JsonReader reader)
    {
        switch (key)
        {
            case "verbose":
                Verbose = reader.GetBoolean();
                return true;
            case "pedantic":
                Pedantic = reader.GetBoolean();
                return true;
            case "echo":
                Echo = reader.GetBoolean();
                return true;
            case "headers":
                Headers = reader.GetBoolean();
                return true;
            case "no_responders":
                NoResponders = reader.GetBoolean();
                return true;
            case "protocol":
                Protocol = reader.GetInt32();
                return true;
            case "name":
                Name = reader.GetString()!;
                return true;
            case "lang":
                Lang = reader.GetString()!;
                return true;
            case "version":
                Version = reader.GetString()!;
                return true;
            default:
                return reader.TrySkip();
        }
    }
}
