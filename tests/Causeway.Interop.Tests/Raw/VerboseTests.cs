using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>Where +OK comes and where it does not, and what pedantic adds.</summary>
public class VerboseTests(ServerPool servers) : ServerTests(servers)
{
    [Theory]
    [OnEveryServer("SUB ok.sub 1\r\n")]
    [OnEveryServer("SUB ok.queue q 2\r\n")]
    [OnEveryServer("UNSUB 9\r\n")]
    [OnEveryServer("PUB ok.pub 1\r\nx\r\n")]
    [OnEveryServer("PUB ok.pub reply 0\r\n\r\n")]
    [OnEveryServer("HPUB ok.pub 12 12\r\nNATS/1.0\r\n\r\n\r\n")]
    public async Task Acknowledges(ServerKind kind, string command)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.Verbose);

        Assert.Equal(Wire.Ok, await connection.ExchangeAsync(command));
    }

    [Theory]
    [OnEveryServer]
    public async Task Does_not_acknowledge_ping_and_pong(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.Verbose);

        await connection.SendAsync("PONG\r\nPING\r\nPING\r\n");
        await connection.ExpectAsync(Wire.Pong + Wire.Pong);
        Assert.Equal(string.Empty, await connection.FlushAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task Acknowledges_a_publish_before_its_echo(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.Verbose);

        Assert.Equal(
            Wire.Ok + Wire.Ok + "MSG echo 1 2\r\nhi\r\n",
            await connection.ExchangeAsync("SUB echo 1\r\nPUB echo 2\r\nhi\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task Acknowledges_a_publish_only_with_its_payload(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.Verbose);

        // The PING below is payload: had +OK come for the line alone, it would stand twice.
        await connection.SendAsync("PUB half 6\r\n");
        Assert.Equal(Wire.Ok, await connection.ExchangeAsync("PING\r\n\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task Gives_an_error_in_place_of_the_acknowledgement(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.Verbose);

        Assert.Equal(Wire.InvalidSubject, await connection.ExchangeAsync("SUB a..b 1\r\n"));
    }

    [Theory]
    [OnEveryServer("a..b")]
    [OnEveryServer(".a")]
    [OnEveryServer("a.")]
    [OnEveryServer("a.*")]
    [OnEveryServer(">")]
    [OnEveryServer("a.>.b")]
    public async Task Pedantic_complains_about_a_publish_subject(ServerKind kind, string subject)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.Pedantic);

        Assert.Equal(Wire.InvalidPublishSubject, await connection.ExchangeAsync($"PUB {subject} 1\r\nx\r\n"));
    }

    [Theory]
    [OnEveryServer("a.b*")]
    [OnEveryServer("a.>b")]
    [OnEveryServer("a**")]
    public async Task Pedantic_takes_a_wildcard_sign_inside_a_token_for_a_letter(ServerKind kind, string subject)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.Pedantic);

        Assert.Equal(string.Empty, await connection.ExchangeAsync($"PUB {subject} 1\r\nx\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task Pedantic_delivers_in_spite_of_its_complaint(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind, """{"verbose":true,"pedantic":true}""");

        Assert.Equal(
            Wire.Ok + Wire.InvalidPublishSubject + Wire.Ok + "MSG w.* 1 1\r\nx\r\n",
            await connection.ExchangeAsync("SUB w.> 1\r\nPUB w.* 1\r\nx\r\n"));
    }
}
