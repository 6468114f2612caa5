using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>A connection with echo off does not hear itself, and nothing is lost by that.</summary>
public class EchoTests(ServerPool servers) : ServerTests(servers)
{
    private readonly string _noise = NewSubject();

    private string Publish => $"PUB {_noise} 1\r\nx\r\n";

    [Theory]
    [OnEveryServer("SUB {0} 1\r\n")]
    [OnEveryServer("SUB > 1\r\n")]
    [OnEveryServer("SUB {0} q 1\r\n")]
    public async Task Does_not_hear_itself(ServerKind kind, string subscribe)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.NoEcho);

        Assert.Equal(string.Empty, await connection.ExchangeAsync(subscribe.Replace("{0}", _noise, StringComparison.Ordinal) + Publish));
    }

    [Theory]
    [OnEveryServer]
    public async Task Hears_others_and_is_heard(ServerKind kind)
    {
        await using RawConnection quiet = await ConnectAsync(kind, ConnectOptions.NoEcho);
        await using RawConnection other = await ConnectAsync(kind);
        await quiet.ExchangeAsync($"SUB {_noise} 1\r\n");
        await other.ExchangeAsync($"SUB {_noise} 1\r\n");

        Assert.Equal(string.Empty, await quiet.ExchangeAsync(Publish));
        Assert.Equal($"MSG {_noise} 1 1\r\nx\r\n", await other.FlushAsync());
        await other.ExchangeAsync(Publish);
        Assert.Equal($"MSG {_noise} 1 1\r\nx\r\n", await quiet.FlushAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task Its_own_queue_member_is_passed_over_for_another(ServerKind kind)
    {
        const int Messages = 100;
        await using RawConnection quiet = await ConnectAsync(kind, ConnectOptions.NoEcho);
        await using RawConnection other = await ConnectAsync(kind);
        await quiet.ExchangeAsync($"SUB {_noise} q 1\r\n");
        await other.ExchangeAsync($"SUB {_noise} q 1\r\n");

        Assert.Equal(string.Empty, await quiet.ExchangeAsync(string.Concat(Enumerable.Repeat(Publish, Messages))));
        Assert.Equal(Messages, Deliveries.Count(await other.FlushAsync(), "1"));
    }
}
