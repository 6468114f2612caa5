using Causeway.Client.Access;
using Causeway.Client.Protocol;

namespace Causeway.Client;

/// <summary>
/// What a client proves itself with: a user and a password, a token, an nkey, or a JWT with its nkey. Immutable; never shown. A client's TLS
/// certificate is among the <see cref="ClientTlsOptions"/>.
/// </summary>
public sealed class ClientCredentials
{
    private readonly Func<ConnectRequest, string?, ConnectRequest> _prove;

    private ClientCredentials(Func<ConnectRequest, string?, ConnectRequest> prove) => _prove = prove;

    /// <summary>A user with a password.</summary>
    public static ClientCredentials ForUser(string user, string password)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        ArgumentNullException.ThrowIfNull(password);
        return new ClientCredentials((request, _) => request with { User = user, Password = password });
    }

    /// <summary>A token.</summary>
    public static ClientCredentials ForToken(string token)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        return new ClientCredentials((request, _) => request with { Token = token });
    }

    /// <summary>A user's nkey: the client signs what the server asks it to; the seed itself is not sent.</summary>
    /// <param name="seed">The seed as NATS' tools write it: 58 characters that begin with SU.</param>
    /// <exception cref="ArgumentException">The text is no seed of a user.</exception>
    public static ClientCredentials ForNkey(string seed)
    {
        NkeySeed key = Seed(seed);
        return new ClientCredentials((request, nonce) => Sign(request, nonce, key));
    }

    /// <summary>A user's nkey whose seed stands in a file, which is read at each connect.</summary>
    public static ClientCredentials ForNkeyFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new ClientCredentials((request, nonce) => Sign(request, nonce, CredentialsFile.ReadSeed(path)));
    }

    /// <summary>A JWT that names a user's nkey, and its seed. For nats-server; Causeway takes no JWT.</summary>
    /// <param name="jwt">The JWT, which is sent.</param>
    /// <param name="seed">The seed, which is not sent.</param>
    /// <exception cref="ArgumentException">The seed is none of a user.</exception>
    public static ClientCredentials ForJwt(string jwt, string seed)
    {
        ArgumentException.ThrowIfNullOrEmpty(jwt);
        NkeySeed key = Seed(seed);
        return new ClientCredentials((request, nonce) => Sign(request, nonce, key) with { Jwt = jwt, Nkey = null });
    }

    /// <summary>A <c>.creds</c> file with a JWT and a seed, which is read at each connect. For nats-server; Causeway takes no JWT.</summary>
    public static ClientCredentials ForCredentialsFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new ClientCredentials((request, nonce) =>
        {
            (string jwt, NkeySeed seed) = CredentialsFile.ReadJwt(path);
            return Sign(request, nonce, seed) with { Jwt = jwt, Nkey = null };
        });
    }

    /// <summary>Reads what stands before the @ of an address: <c>user:password</c>, or a token alone; null if it is empty. Both may be percent-encoded.</summary>
    internal static ClientCredentials? Read(ReadOnlySpan<char> text)
    {
        int colon = text.IndexOf(':');
        string first = Uri.UnescapeDataString((colon < 0 ? text : text[..colon]).ToString());
        return first.Length == 0 ? null
            : colon < 0 ? ForToken(first) : ForUser(first, Uri.UnescapeDataString(text[(colon + 1)..].ToString()));
    }

    /// <summary>The request with the proof in it.</summary>
    /// <exception cref="IOException">A file can't be read.</exception>
    /// <exception cref="ProtocolException">The server gave no nonce, which the proof would sign.</exception>
    internal ConnectRequest Prove(ConnectRequest request, string? nonce) => _prove(request, nonce);

    private static NkeySeed Seed(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return NkeySeed.Read(text.AsSpan().Trim())
            ?? throw new ArgumentException("the text is no seed of a user's nkey; accepted are 58 characters that begin with SU", nameof(text));
    }

    private static ConnectRequest Sign(ConnectRequest request, string? nonce, NkeySeed seed) => string.IsNullOrEmpty(nonce)
        ? throw new ProtocolException("the server gives no nonce to sign: it takes no nkeys")
        : request with { Nkey = seed.PublicKey, Signature = seed.Sign(nonce) };
}
