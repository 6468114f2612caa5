namespace Causeway.Client;

/// <summary>What a client proves itself with: a user and a password, or a token. Immutable; never shown.</summary>
public sealed class ClientCredentials
{
    private ClientCredentials(string? user, string? password, string? token)
    {
        User = user;
        Password = password;
        Token = token;
    }

    internal string? User { get; }

    internal string? Password { get; }

    internal string? Token { get; }

    /// <summary>A user with a password.</summary>
    public static ClientCredentials ForUser(string user, string password)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        ArgumentNullException.ThrowIfNull(password);
        return new ClientCredentials(user, password, null);
    }

    /// <summary>A token.</summary>
    public static ClientCredentials ForToken(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        return new ClientCredentials(null, null, token);
    }

    /// <summary>Reads what stands before the @ of an address: <c>user:password</c>, or a token alone; null if it is empty. Both may be percent-encoded.</summary>
    internal static ClientCredentials? Read(ReadOnlySpan<char> text)
    {
        int colon = text.IndexOf(':');
        string first = Uri.UnescapeDataString((colon < 0 ? text : text[..colon]).ToString());
        return first.Length == 0 ? null
            : colon < 0 ? ForToken(first) : ForUser(first, Uri.UnescapeDataString(text[(colon + 1)..].ToString()));
    }
}
