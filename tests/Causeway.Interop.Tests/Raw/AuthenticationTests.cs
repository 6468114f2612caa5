using Causeway.Interop.Tests.Servers;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>How a client proves who it is, in every form, and what it is told if it does not.</summary>
public class AuthenticationTests(ServerPool servers) : ServerTests(servers)
{
    private const string Violation = "-ERR 'Authorization Violation'\r\n" + Wire.Closed;
    private const string Nkey = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";

    private static readonly NkeyPair Pair = NkeyPair.Create();

    private static readonly ServerOptions Users = new()
    {
        Access = $$"""
            authorization {
              timeout: 60
              users: [
                { user: ann, password: "a b" }
                { user: hashed, password: {{BCrypt.Net.BCrypt.HashPassword("s3cret", 4)}} }
                { nkey: {{Pair.Public}} }
                { nkey: {{Nkey}} }
              ]
            }
            """,
    };

    private static readonly ServerOptions Token = new() { Access = "authorization { token: t0ken, timeout: 60 }" };

    private static readonly ServerOptions Impatient = new() { Access = "authorization { token: t0ken, timeout: 1 }" };

    private static readonly ServerOptions HashedToken = new()
    {
        Access = $$"""authorization { token: "{{BCrypt.Net.BCrypt.HashPassword("t0ken", 4)}}", timeout: 60 }""",
    };

    private static readonly ServerOptions Single = new() { Access = "authorization { user: ann, password: a, timeout: 60 }" };

    private static readonly ServerOptions Guests = new()
    {
        Access = """
            no_auth_user: guest
            authorization {
              timeout: 60
              users: [ { user: guest, password: g, permissions: { publish: "a" } }, { user: ann, password: a } ]
            }
            """,
    };

    [Theory]
    [OnEveryServer("users", "\"user\":\"ann\",\"pass\":\"a b\"")]
    [OnEveryServer("users", "\"user\":\"hashed\",\"pass\":\"s3cret\"")]
    [OnEveryServer("users", "\"user\":\"ann\",\"pass\":\"a b\",\"auth_token\":\"x\"")]
    [OnEveryServer("token", "\"auth_token\":\"t0ken\"")]
    [OnEveryServer("hashed token", "\"auth_token\":\"t0ken\"")]
    [OnEveryServer("single", "\"user\":\"ann\",\"pass\":\"a\"")]
    [OnEveryServer("guests", "\"user\":\"ann\",\"pass\":\"a\"")]
    [OnEveryServer("guests", "\"lang\":\"x\"")]
    public async Task Lets_in(ServerKind kind, string access, string credentials)
    {
        await using RawConnection connection = await RawConnection.OpenAsync(await ServerAsync(kind, OptionsFor(access)));
        string subject = NewSubject();

        Assert.Equal("+OK\r\n+OK\r\n", await connection.ExchangeAsync($"CONNECT {{{credentials}}}\r\nSUB {subject} 1\r\n"));
    }

    [Theory]
    [OnEveryServer("users", "CONNECT {\"user\":\"ann\",\"pass\":\"a\"}\r\n")]
    [OnEveryServer("users", "CONNECT {\"user\":\"ann\",\"pass\":\"A B\"}\r\n")]
    [OnEveryServer("users", "CONNECT {\"user\":\"ANN\",\"pass\":\"a b\"}\r\n")]
    [OnEveryServer("users", "CONNECT {\"user\":\"ann\"}\r\n")]
    [OnEveryServer("users", "CONNECT {\"user\":\"nobody\",\"pass\":\"a b\"}\r\n")]
    [OnEveryServer("users", "CONNECT {\"user\":\"hashed\",\"pass\":\"s3cre\"}\r\n")]
    [OnEveryServer("users", "CONNECT {\"pass\":\"a b\"}\r\n")]
    [OnEveryServer("users", "CONNECT {\"auth_token\":\"a b\"}\r\n")]
    [OnEveryServer("users", "CONNECT {\"user\":\"ann\",\"pass\":\"a b\",\"account\":\"X\"}\r\n")]
    [OnEveryServer("users", "CONNECT {\"jwt\":\"eyJhbGciOiJub25lIn0\",\"sig\":\"x\"}\r\n")]
    [OnEveryServer("users", "CONNECT {\"nkey\":\"" + Nkey + "\",\"sig\":\"x\"}\r\n")]
    [OnEveryServer("users", "CONNECT {\"nkey\":\"" + Nkey + "\"}\r\n")]
    [OnEveryServer("users", "CONNECT {\"nkey\":\"UNKNOWN\",\"sig\":\"x\"}\r\n")]
    [OnEveryServer("users", "CONNECT {}\r\n")]
    [OnEveryServer("users", "CONNECT null\r\n")]
    [OnEveryServer("users", "PING\r\n")]
    [OnEveryServer("users", "P")]
    [OnEveryServer("users", "SUB a 1\r\n")]
    [OnEveryServer("users", "garbage\r\n")]
    [OnEveryServer("users", "CONNECT {\"user\":\"ann\",\"pass\":\"a\",\"protocol\":7}\r\n")]
    [OnEveryServer("token", "CONNECT {\"user\":\"t0ken\"}\r\n")]
    [OnEveryServer("token", "CONNECT {\"pass\":\"t0ken\"}\r\n")]
    [OnEveryServer("token", "CONNECT {\"auth_token\":\"\"}\r\n")]
    [OnEveryServer("single", "CONNECT {\"user\":\"ann\",\"pass\":\"\"}\r\n")]
    [OnEveryServer("guests", "CONNECT {\"pass\":\"a\"}\r\n")]
    public async Task Refuses(ServerKind kind, string access, string sent)
    {
        await using RawConnection connection = await RawConnection.OpenAsync(await ServerAsync(kind, OptionsFor(access)));

        await connection.SendAsync(sent);

        Assert.Equal(Violation, await connection.ReadToCloseAsync());
    }

    [Theory]
    [OnEveryServer("CONNECT {\"user\":5}\r\n", "")]
    [OnEveryServer("CONNECT {\"user\":\"ann\",\"pass\":\"a b\",\"protocol\":7}\r\n", "-ERR 'invalid client protocol'\r\n")]
    [OnEveryServer("CX\r\n", "-ERR 'Unknown Protocol Operation'\r\n")]
    public async Task Ends_over_a_connect_that_is_not_right(ServerKind kind, string sent, string told)
    {
        await using RawConnection connection = await RawConnection.OpenAsync(await ServerAsync(kind, Users));

        await connection.SendAsync(sent);

        Assert.Equal(told + Wire.Closed, await connection.ReadToCloseAsync());
    }

    [Theory]
    [OnEveryServer("")]
    [OnEveryServer("CONNE")]
    public async Task Waits_for_so_long_and_no_longer(ServerKind kind, string sent)
    {
        await using RawConnection connection = await RawConnection.OpenAsync(await ServerAsync(kind, Impatient));

        await connection.SendAsync(sent);

        Assert.Equal("-ERR 'Authentication Timeout'\r\n" + Wire.Closed, await connection.ReadToCloseAsync());
    }

    [Theory]
    [OnEveryServer("users", true, true)]
    [OnEveryServer("token", true, false)]
    [OnEveryServer("guests", false, false)]
    public async Task Says_in_info_what_it_needs(ServerKind kind, string access, bool auth, bool nonce)
    {
        await using RawConnection connection = await RawConnection.OpenAsync(await ServerAsync(kind, OptionsFor(access)));

        // Over WebSockets nats-server asks for a login even where it takes who has none.
        bool asksAllTheSame = kind == ServerKind.NatsServer && WebSocket is not null && access == "guests";
        Assert.Equal(auth || asksAllTheSame, connection.Info.TryGetProperty("auth_required", out _));
        Assert.Equal(nonce, connection.Info.TryGetProperty("nonce", out _));
    }

    [Theory]
    [OnEveryServer]
    public async Task An_nkey_signs_the_nonce_of_its_own_connection(ServerKind kind)
    {
        ServerProcess server = await ServerAsync(kind, Users);
        await using RawConnection one = await RawConnection.OpenAsync(server);
        await using RawConnection other = await RawConnection.OpenAsync(server);
        string signature = Pair.Sign(one.Info.GetProperty("nonce").GetString()!);

        Assert.Equal(string.Empty, await one.ExchangeAsync($$"""CONNECT {"verbose":false,"nkey":"{{Pair.Public}}","sig":"{{signature}}"}""" + "\r\n"));
        await other.SendAsync($$"""CONNECT {"verbose":false,"nkey":"{{Pair.Public}}","sig":"{{signature}}"}""" + "\r\n");
        Assert.Equal(Violation, await other.ReadToCloseAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task A_later_connect_is_checked_if_it_names_somebody(ServerKind kind)
    {
        await using RawConnection connection = await RawConnection.ConnectAsync(
            await ServerAsync(kind, Users), """{"verbose":false,"pedantic":false,"user":"ann","pass":"a b"}""");

        Assert.Equal(string.Empty, await connection.ExchangeAsync("CONNECT {\"verbose\":false}\r\n"));
        await connection.SendAsync("CONNECT {\"user\":\"ann\",\"pass\":\"x\"}\r\n");
        Assert.Equal(Violation, await connection.ReadToCloseAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task A_reload_closes_who_may_not_stay_and_takes_back_subscriptions(ServerKind kind)
    {
        await using ServerProcess server = await StartAsync(kind, new ServerOptions
        {
            Access = "authorization { timeout: 60, users: [ {user: a, password: p}, {user: b, password: p}, {user: c, password: p}, {user: d, password: p} ] }",
        });
        RawConnection[] connections = [.. await Task.WhenAll("abcd".Select(user =>
            RawConnection.ConnectAsync(server, $$"""{"verbose":false,"pedantic":false,"user":"{{user}}","pass":"p"}""")))];
        foreach (RawConnection connection in connections)
        {
            Assert.Equal(string.Empty, await connection.ExchangeAsync("SUB x.1 1\r\nSUB y.1 2\r\n"));
        }

        server.Reload("authorization { timeout: 60, users: [ {user: a, password: p}, {user: b, password: changed}, {user: c, password: p, permissions: {subscribe: \"x.>\"}} ] }");

        Assert.Equal(Violation, await connections[1].ReadToCloseAsync());
        Assert.Equal(Wire.Closed, await connections[3].ReadToCloseAsync());
        await connections[2].ExpectAsync("-ERR 'Permissions Violation for Subscription to \"y.1\" (sid \"2\")'\r\n");
        Assert.Equal("MSG x.1 1 1\r\na\r\nMSG y.1 2 1\r\na\r\n", await connections[0].ExchangeAsync("PUB x.1 1\r\na\r\nPUB y.1 1\r\na\r\n"));
        Assert.Equal("MSG x.1 1 1\r\na\r\n", await connections[2].FlushAsync());

        server.Reload("authorization { users: [ {user: ");
        Assert.Equal(string.Empty, await connections[0].FlushAsync());
        await using RawConnection again = await RawConnection.ConnectAsync(server, """{"verbose":false,"user":"c","pass":"p"}""");
        Assert.Equal(string.Empty, await again.FlushAsync());
        foreach (RawConnection connection in connections)
        {
            await connection.DisposeAsync();
        }
    }

    private static ServerOptions OptionsFor(string access) => access switch
    {
        "users" => Users,
        "token" => Token,
        "hashed token" => HashedToken,
        "single" => Single,
        _ => Guests,
    };

    /// <summary>An nkey of a user, made for the run.</summary>
    private sealed record NkeyPair(string Public, Ed25519PrivateKeyParameters Private)
    {
        private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

        public static NkeyPair Create()
        {
            Ed25519PrivateKeyParameters key = new(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
            byte[] bytes = [20 << 3, .. key.GeneratePublicKey().GetEncoded()];
            int crc = 0;
            foreach (byte value in bytes)
            {
                crc ^= value << 8;
                for (int bit = 0; bit < 8; bit++)
                {
                    crc = ((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xFFFF;
                }
            }

            string bits = string.Concat(((byte[])[.. bytes, (byte)crc, (byte)(crc >> 8)]).Select(value => Convert.ToString(value, 2).PadLeft(8, '0')));
            return new NkeyPair(string.Concat(bits.Chunk(5).Select(five => Alphabet[Convert.ToInt32(new string(five), 2)])), key);
        }

        public string Sign(string nonce)
        {
            Ed25519Signer signer = new();
            signer.Init(true, Private);
            byte[] message = System.Text.Encoding.ASCII.GetBytes(nonce);
            signer.BlockUpdate(message, 0, message.Length);
            return Convert.ToBase64String(signer.GenerateSignature()).TrimEnd('=').Replace('+', '-').Replace('/', '_');
        }
    }
}
