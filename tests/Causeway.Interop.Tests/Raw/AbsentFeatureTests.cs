using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>Features that are off answer at once that nobody is there; a client turns that into its own clear error.</summary>
public class AbsentFeatureTests(ServerPool servers) : ServerTests(servers)
{
    [Theory]
    [OnEveryServer("$JS.API.INFO")]
    [OnEveryServer("$JS.API.STREAM.NAMES")]
    [OnEveryServer("$JS.API.STREAM.CREATE.s")]
    [OnEveryServer("$JS.API.CONSUMER.MSG.NEXT.s.c")]
    [OnEveryServer("$JS.API.DIRECT.GET.s")]
    [OnEveryServer("$KV.bucket.key")]
    [OnEveryServer("$O.bucket.C.x")]
    [OnEveryServer("$SRV.PING")]
    [OnEveryServer("$SYS.REQ.SERVER.PING")]
    public async Task A_request_gets_no_responders(ServerKind kind, string subject)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.NoResponders);

        Assert.Equal(
            Wire.NoResponders("_INBOX.x", "1"),
            await connection.ExchangeAsync($"SUB _INBOX.x 1\r\nPUB {subject} _INBOX.x 2\r\n{{}}\r\n"));
    }

    [Theory]
    [OnEveryServer("$SYS.mine")]
    [OnEveryServer("$JS.API.mine")]
    [OnEveryServer("$KV.mine")]
    [OnEveryServer("$SRV.mine")]
    public async Task Their_subjects_are_open_to_clients_among_themselves(ServerKind kind, string subject)
    {
        await using RawConnection subscriber = await ConnectAsync(kind);
        await using RawConnection publisher = await ConnectAsync(kind);
        await subscriber.ExchangeAsync($"SUB {subject} 1\r\n");

        await publisher.ExchangeAsync($"PUB {subject} 1\r\nx\r\n");

        Assert.Equal($"MSG {subject} 1 1\r\nx\r\n", await subscriber.FlushAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task The_server_s_own_events_do_not_reach_clients(ServerKind kind)
    {
        await using RawConnection watcher = await ConnectAsync(kind);
        await watcher.ExchangeAsync("SUB $SYS.> 1\r\n");

        await using (RawConnection comes = await ConnectAsync(kind))
        {
            await comes.FinishSendingAsync();
            await comes.ReadToCloseAsync();
        }

        // It ends here and not with its connection, or it would answer for a moment that somebody is there.
        Assert.Equal(string.Empty, await watcher.ExchangeAsync("UNSUB 1\r\n"));
    }
}
