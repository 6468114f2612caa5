using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>SUB: subjects, queue names and subscription ids.</summary>
public class SubscribeTests(ServerPool servers) : ServerTests(servers)
{
    [Theory]
    [OnEveryServer("a..b")]
    [OnEveryServer(".a")]
    [OnEveryServer("a.")]
    [OnEveryServer(".")]
    [OnEveryServer("..")]
    [OnEveryServer("a.>.b")]
    [OnEveryServer(">.a")]
    [OnEveryServer(">.>")]
    public async Task Refuses_an_invalid_subject_and_stays_open(ServerKind kind, string subject)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        // The id is free: the refused subscription does not exist.
        Assert.Equal(
            Wire.InvalidSubject + "MSG valid 1 0\r\n\r\n",
            await connection.ExchangeAsync($"SUB {subject} 1\r\nSUB valid 1\r\nPUB valid 0\r\n\r\n"));
    }

    [Theory]
    [OnEveryServer("a")]
    [OnEveryServer("A.b-c_d/e:f=g")]
    [OnEveryServer("$SYS.anything")]
    [OnEveryServer("_INBOX.x.y")]
    [OnEveryServer("a*b")]
    [OnEveryServer("**")]
    [OnEveryServer(">>")]
    [OnEveryServer("a.b*")]
    [OnEveryServer("a.>b.c")]
    [OnEveryServer("\u00c3\u00a9.\u00e2\u0082\u00ac")]
    [OnEveryServer("a\0b")]
    public async Task Takes_for_a_literal(ServerKind kind, string subject)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(
            $"MSG {subject} 1 1\r\nx\r\n",
            await connection.ExchangeAsync($"SUB {subject} 1\r\nPUB {subject} 1\r\nx\r\nPUB zz 1\r\ny\r\n"));
    }

    [Theory]
    [OnEveryServer("1")]
    [OnEveryServer("007")]
    [OnEveryServer("abc")]
    [OnEveryServer("sid-1.x")]
    [OnEveryServer("123456789012345678901234567890")]
    public async Task Takes_any_word_as_id_and_gives_it_back(ServerKind kind, string sid)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(
            $"MSG ids {sid} 1\r\nx\r\n",
            await connection.ExchangeAsync(
                $"SUB ids {sid}\r\nPUB ids 1\r\nx\r\nUNSUB {sid}\r\nPUB ids 1\r\ny\r\n"));
    }

    [Theory]
    [OnEveryServer("q")]
    [OnEveryServer("*")]
    [OnEveryServer("q.>")]
    [OnEveryServer("q..b")]
    [OnEveryServer("\u00c3\u00a9")]
    public async Task Takes_any_word_as_queue_name(ServerKind kind, string queue)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(
            "MSG queues 1 1\r\nx\r\n", await connection.ExchangeAsync($"SUB queues {queue} 1\r\nPUB queues 1\r\nx\r\n"));
    }

    [Theory]
    [OnEveryServer("SUB first 1\r\n")]
    [OnEveryServer("SUB second 1\r\n")]
    [OnEveryServer("SUB first q 1\r\n")]
    public async Task Ignores_an_id_that_is_in_use(ServerKind kind, string duplicate)
    {
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(
            "MSG first 1 1\r\nx\r\n",
            await connection.ExchangeAsync(
                $"SUB first 1\r\n{duplicate}PUB first 1\r\nx\r\nPUB second 1\r\ny\r\n"));
        Assert.Equal(string.Empty, await connection.ExchangeAsync("UNSUB 1\r\nPUB first 1\r\nx\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task Acknowledges_an_id_that_is_in_use(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.Verbose);

        Assert.Equal(Wire.Ok + Wire.Ok, await connection.ExchangeAsync("SUB same 1\r\nSUB same 1\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task Ids_belong_to_their_connection(ServerKind kind)
    {
        await using RawConnection first = await ConnectAsync(kind);
        await using RawConnection second = await ConnectAsync(kind);
        await first.ExchangeAsync("SUB own 1\r\n");
        await second.ExchangeAsync("SUB own 1\r\nUNSUB 1\r\n");

        Assert.Equal("MSG own 1 1\r\nx\r\n", await first.ExchangeAsync("PUB own 1\r\nx\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task Takes_a_subject_of_many_tokens(ServerKind kind)
    {
        string subject = string.Join('.', Enumerable.Repeat("t", 500));
        await using RawConnection connection = await ConnectAsync(kind);

        Assert.Equal(
            $"MSG {subject} 1 1\r\nx\r\n",
            await connection.ExchangeAsync($"SUB {subject} 1\r\nPUB {subject} 1\r\nx\r\n"));
    }
}
