using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>What CONNECT may hold, and what it sets.</summary>
public class ConnectTests(ServerPool servers) : ServerTests(servers)
{
    [Theory]
    [OnEveryServer("{}")]
    [OnEveryServer("""{"verbose":true}""")]
    [OnEveryServer("""{"verbose":null}""")]
    [OnEveryServer("null")]
    public async Task Is_verbose_unless_told_otherwise(ServerKind kind, string options)
    {
        await using RawConnection connection = await OpenAsync(kind);

        Assert.Equal(Wire.Ok, await connection.ExchangeAsync($"CONNECT {options}\r\n"));
        Assert.Equal(Wire.Ok, await connection.ExchangeAsync($"PUB {NewSubject()} 1\r\nx\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task Is_pedantic_unless_told_otherwise(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind, """{"verbose":false}""");

        Assert.Equal(Wire.InvalidPublishSubject, await connection.ExchangeAsync("PUB a..b 0\r\n\r\n"));
    }

    [Theory]
    [OnEveryServer("""{"verbose":false}""")]
    [OnEveryServer("""{"verbose":false,"echo":null}""")]
    [OnEveryServer("""{"verbose":false,"echo":true}""")]
    public async Task Echoes_unless_told_otherwise(ServerKind kind, string options)
    {
        await using RawConnection connection = await ConnectAsync(kind, options);
        string subject = NewSubject();

        Assert.Equal(
            $"MSG {subject} 1 1\r\nx\r\n",
            await connection.ExchangeAsync($"SUB {subject} 1\r\nPUB {subject} 1\r\nx\r\n"));
    }

    [Theory]
    [OnEveryServer("""{"verbose":false,"name":"n","lang":"go","version":"1.11.0","protocol":1}""")]
    [OnEveryServer("""{"verbose":false,"protocol":0}""")]
    [OnEveryServer("""{"verbose":false,"protocol":null}""")]
    [OnEveryServer("""{"verbose":false,"an_unknown_key":{"x":[1,{"y":null}]}}""")]
    [OnEveryServer("""{"verbose":false,"user":"u","pass":"p"}""")]
    [OnEveryServer("""{"verbose":false,"auth_token":"t"}""")]
    [OnEveryServer("""{"verbose":false,"nkey":"x","sig":"y","jwt":"z"}""")]
    [OnEveryServer("""{"verbose":false,"tls_required":false}""")]
    [OnEveryServer("""{"VERBOSE":false}""")]
    [OnEveryServer(""" {  "verbose" : false , "name" : "\u00e9\"}{" } """)]
    [OnEveryServer("""{"verbose":false,"no_responders":true,"headers":true}""")]
    public async Task Accepts(ServerKind kind, string options)
    {
        await using RawConnection connection = await OpenAsync(kind);

        Assert.Equal(string.Empty, await connection.ExchangeAsync($"CONNECT {options}\r\n"));
    }

    [Theory]
    [OnEveryServer("connect {\"verbose\":false}\r\n")]
    [OnEveryServer("CONNECT\t{\"verbose\":false}\r\n")]
    [OnEveryServer("CONNECT   {\"verbose\":false}  \r\n")]
    [OnEveryServer("CONNECT{\"verbose\":false}\r\n")]
    [OnEveryServer("CONNECT {\"verbose\":false}\n")]
    public async Task Accepts_the_line_written_as(ServerKind kind, string line)
    {
        await using RawConnection connection = await OpenAsync(kind);

        Assert.Equal(string.Empty, await connection.ExchangeAsync(line));
    }

    [Theory]
    [OnEveryServer("CONNECT\r\n")]
    [OnEveryServer("CONNECT \r\n")]
    [OnEveryServer("CONNECT {\r\n")]
    [OnEveryServer("CONNECT {bad}\r\n")]
    [OnEveryServer("CONNECT []\r\n")]
    [OnEveryServer("CONNECT {\"verbose\":\"x\"}\r\n")]
    [OnEveryServer("CONNECT {\"verbose\":1}\r\n")]
    [OnEveryServer("CONNECT {\"name\":5}\r\n")]
    [OnEveryServer("CONNECT {\"protocol\":1.5}\r\n")]
    [OnEveryServer("CONNECT {\"verbose\":false} x\r\n")]
    [OnEveryServer("CONNECT {\"verbose\":false}{\"verbose\":false}\r\n")]
    public async Task Closes_without_a_word_on_malformed_options(ServerKind kind, string line)
    {
        await using RawConnection connection = await OpenAsync(kind);

        Assert.Equal(Wire.Closed, await connection.ExchangeAsync(line));
    }

    [Theory]
    [OnEveryServer(-1)]
    [OnEveryServer(2)]
    public async Task Refuses_an_unknown_protocol_level(ServerKind kind, int protocol)
    {
        await using RawConnection connection = await OpenAsync(kind);

        Assert.Equal(
            Wire.InvalidClientProtocol + Wire.Closed,
            await connection.ExchangeAsync($"CONNECT {{\"verbose\":false,\"protocol\":{protocol}}}\r\n"));
    }

    [Theory]
    [OnEveryServer("""{"verbose":false,"no_responders":true}""")]
    [OnEveryServer("""{"verbose":false,"no_responders":true,"headers":false}""")]
    public async Task Refuses_no_responders_without_headers(ServerKind kind, string options)
    {
        await using RawConnection connection = await OpenAsync(kind);

        Assert.Equal(
            Wire.NoRespondersNeedHeaders + Wire.Closed, await connection.ExchangeAsync($"CONNECT {options}\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task Is_not_needed_and_without_it_the_connection_is_verbose(ServerKind kind)
    {
        await using RawConnection connection = await OpenAsync(kind);
        string subject = NewSubject();

        Assert.Equal(string.Empty, await connection.FlushAsync());
        Assert.Equal(
            Wire.Ok + Wire.Ok + $"MSG {subject} 1 1\r\nx\r\n",
            await connection.ExchangeAsync($"SUB {subject} 1\r\nPUB {subject} 1\r\nx\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task Can_be_repeated_to_change_settings(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind);
        string subject = NewSubject();

        Assert.Equal(Wire.Ok, await connection.ExchangeAsync("CONNECT {\"verbose\":true}\r\n"));
        Assert.Equal(Wire.Ok, await connection.ExchangeAsync($"SUB {subject} 1\r\n"));
        Assert.Equal(
            string.Empty, await connection.ExchangeAsync("CONNECT {\"verbose\":false,\"echo\":false}\r\n"));
        Assert.Equal(string.Empty, await connection.ExchangeAsync($"PUB {subject} 1\r\nx\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task Repeated_keeps_what_it_does_not_mention(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.Headers);
        string subject = NewSubject();
        await connection.ExchangeAsync($"SUB {subject} 1\r\n");

        // Still quiet, not pedantic, and with headers.
        Assert.Equal(string.Empty, await connection.ExchangeAsync("CONNECT {}\r\n"));
        Assert.Equal(string.Empty, await connection.ExchangeAsync("PUB a..b 0\r\n\r\n"));
        Assert.Equal(
            $"HMSG {subject} 1 12 13\r\n{Wire.EmptyHeader}x\r\n",
            await connection.ExchangeAsync($"HPUB {subject} 12 13\r\n{Wire.EmptyHeader}x\r\n"));
    }
}
