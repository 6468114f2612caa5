using System.Text.Json;

namespace Causeway.Core.Access;

/// <summary>
/// What a client proves itself with, from the argument of CONNECT. Kept apart from what it says of itself, and only until the decision
/// has fallen: none of it is ever shown.
/// </summary>
public sealed class Credentials
{
    private Credentials()
    {
    }

    /// <summary>The user's name; empty for none.</summary>
    public string User { get; private set; } = "";

    /// <summary>The password; empty for none.</summary>
    public string Password { get; private set; } = "";

    /// <summary>The token; empty for none.</summary>
    public string Token { get; private set; } = "";

    /// <summary>The public nkey, as text; empty for none.</summary>
    public string Nkey { get; private set; } = "";

    /// <summary>The signature of the nonce by the nkey, in base64; empty for none.</summary>
    public string Signature { get; private set; } = "";

    /// <summary>True if it names something that is never accepted here: a JWT, or an account to create.</summary>
    public bool IsUnsupported { get; private set; }

    /// <summary>True if it names nothing at all.</summary>
    public bool IsEmpty => User.Length + Password.Length + Token.Length + Nkey.Length + Signature.Length == 0 && !IsUnsupported;

    /// <summary>Reads the argument of a CONNECT; null if something in it is not of the right kind.</summary>
    public static Credentials? Read(ReadOnlySpan<byte> json)
    {
        Credentials credentials = new();
        try
        {
            Utf8JsonReader reader = new(json);
            if (!reader.Read() || reader.TokenType == JsonTokenType.Null)
            {
                return credentials;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string key = reader.GetString()!.ToLowerInvariant();
                reader.Read();
                if (reader.TokenType != JsonTokenType.Null)
                {
                    credentials.Set(key, ref reader);
                }
            }

            return credentials;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private void Set(string key, ref Utf8JsonReader reader)
    {
        switch (key)
        {
            case "user":
                User = reader.GetString()!;
                break;
            case "pass":
                Password = reader.GetString()!;
                break;
            case "auth_token":
                Token = reader.GetString()!;
                break;
            case "nkey":
                Nkey = reader.GetString()!;
                break;
            case "sig":
                Signature = reader.GetString()!;
                break;
            case "jwt" or "account":
                IsUnsupported |= reader.GetString()!.Length > 0;
                break;
            default:
                reader.TrySkip();
                break;
        }
    }
}
