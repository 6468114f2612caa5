using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>A request that nobody can answer is answered by the server, and only then.</summary>
public class NoRespondersTests(ServerPool servers) : ServerTests(servers)
{
    [Theory]
    [OnEveryServer("SUB in 1\r\n", "in")]
    [OnEveryServer("SUB in.* 1\r\n", "in.x")]
    [OnEveryServer("SUB _INBOX.a.> 1\r\n", "_INBOX.a.b.c")]
    public async Task Answers_503(ServerKind kind, string subscribe, string reply)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.NoResponders);

        Assert.Equal(
            Wire.NoResponders(reply, "1"),
            await connection.ExchangeAsync($"{subscribe}PUB {NewSubject()} {reply} 2\r\nhi\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task Answers_a_request_with_headers_too(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.NoResponders);

        Assert.Equal(
            Wire.NoResponders("in", "1"),
            await connection.ExchangeAsync($"SUB in 1\r\nHPUB {NewSubject()} in 12 14\r\n{Wire.EmptyHeader}hi\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task Answers_after_the_acknowledgement(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(
            kind, """{"verbose":true,"headers":true,"no_responders":true}""");

        Assert.Equal(
            Wire.Ok + Wire.Ok + Wire.NoResponders("in", "1"),
            await connection.ExchangeAsync($"SUB in 1\r\nPUB {NewSubject()} in 2\r\nhi\r\n"));
    }

    [Theory]
    [OnEveryServer("none..x")]
    [OnEveryServer("none.*")]
    public async Task Answers_for_a_subject_that_nobody_can_have(ServerKind kind, string subject)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.NoResponders);

        Assert.Equal(
            Wire.NoResponders("in", "1"),
            await connection.ExchangeAsync($"SUB in 1\r\nPUB {subject} in 0\r\n\r\n"));
    }

    [Theory]
    [OnEveryServer]
    public async Task Answers_once_however_many_subscriptions_wait(ServerKind kind)
    {
        await using RawConnection connection = await ConnectAsync(kind, ConnectOptions.NoResponders);

        string got = await connection.ExchangeAsync(
            $"SUB in.x 1\r\nSUB in.x 2\r\nSUB in.* 3\r\nPUB {NewSubject()} in.x 0\r\n\r\n");

        Assert.Contains(got, new[] { "1", "2", "3" }.Select(sid => Wire.NoResponders("in.x", sid)));
    }

    [Theory]
    [OnEveryServer("SUB in 1\r\n", "PUB {0} 2\r\nhi\r\n", ConnectOptions.NoResponders)]
    [OnEveryServer("SUB in 1\r\n", "PUB {0} in 2\r\nhi\r\n", ConnectOptions.Headers)]
    [OnEveryServer("SUB in 1\r\n", "PUB {0} in 2\r\nhi\r\n", ConnectOptions.Quiet)]
    [OnEveryServer("", "PUB {0} in 2\r\nhi\r\n", ConnectOptions.NoResponders)]
    [OnEveryServer("SUB in q 1\r\n", "PUB {0} in 2\r\nhi\r\n", ConnectOptions.NoResponders)]
    public async Task Is_silent_without_a_reply_an_agreement_or_a_plain_subscription(
        ServerKind kind, string subscribe, string publish, string options)
    {
        await using RawConnection connection = await ConnectAsync(kind, options);

        Assert.Equal(
            string.Empty,
            await connection.ExchangeAsync(
                subscribe + publish.Replace("{0}", NewSubject(), StringComparison.Ordinal)));
    }

    [Theory]
    [OnEveryServer]
    public async Task Is_silent_when_the_reply_is_for_another_connection(ServerKind kind)
    {
        await using RawConnection requester = await ConnectAsync(kind, ConnectOptions.NoResponders);
        await using RawConnection other = await ConnectAsync(kind, ConnectOptions.NoResponders);
        await other.ExchangeAsync("SUB in 1\r\n");

        Assert.Equal(string.Empty, await requester.ExchangeAsync($"PUB {NewSubject()} in 0\r\n\r\n"));
        Assert.Equal(string.Empty, await other.FlushAsync());
    }

    [Theory]
    [OnEveryServer("SUB {0} 1\r\n")]
    [OnEveryServer("SUB {0} q 1\r\n")]
    [OnEveryServer("SUB *.{0} 1\r\n")]
    public async Task Is_silent_when_somebody_has_the_request(ServerKind kind, string subscribe)
    {
        string name = NewSubject();
        string subject = subscribe.Contains('*', StringComparison.Ordinal) ? $"x.{name}" : name;
        await using RawConnection requester = await ConnectAsync(kind, ConnectOptions.NoResponders);
        await using RawConnection responder = await ConnectAsync(kind);
        await responder.ExchangeAsync(subscribe.Replace("{0}", name, StringComparison.Ordinal));

        Assert.Equal(string.Empty, await requester.ExchangeAsync($"SUB in 1\r\nPUB {subject} in 0\r\n\r\n"));
        Assert.Equal($"MSG {subject} 1 in 0\r\n\r\n", await responder.FlushAsync());
    }

    [Theory]
    [OnEveryServer("SUB {0} 2\r\n")]
    [OnEveryServer("SUB {0} q 2\r\n")]
    public async Task Answers_when_only_the_requester_itself_listens_and_echo_is_off(ServerKind kind, string subscribe)
    {
        string subject = NewSubject();
        await using RawConnection connection = await ConnectAsync(
            kind, """{"verbose":false,"pedantic":false,"echo":false,"headers":true,"no_responders":true}""");
        await connection.ExchangeAsync(
            "SUB in 1\r\n" + subscribe.Replace("{0}", subject, StringComparison.Ordinal));

        Assert.Equal(
            Wire.NoResponders("in", "1"), await connection.ExchangeAsync($"PUB {subject} in 0\r\n\r\n"));
    }

    [Theory]
    [OnEveryServer("PUB in 2\r\nok\r\n", "MSG in 1 2\r\nok\r\n")]
    [OnEveryServer("HPUB in 12 14\r\n" + Wire.EmptyHeader + "ok\r\n", "HMSG in 1 12 14\r\n" + Wire.EmptyHeader + "ok\r\n")]
    public async Task A_responder_s_answer_arrives_instead(ServerKind kind, string answer, string received)
    {
        string subject = NewSubject();
        await using RawConnection requester = await ConnectAsync(kind, ConnectOptions.NoResponders);
        await using RawConnection responder = await ConnectAsync(kind, ConnectOptions.Headers);
        await responder.ExchangeAsync($"SUB {subject} 1\r\n");
        await requester.ExchangeAsync($"SUB in 1\r\nPUB {subject} in 1\r\n?\r\n");

        await responder.ExpectAsync($"MSG {subject} 1 in 1\r\n?\r\n");
        await responder.ExchangeAsync(answer);

        Assert.Equal(received, await requester.FlushAsync());
    }

    [Theory]
    [OnEveryServer]
    public async Task Answers_again_once_the_responder_has_gone(ServerKind kind)
    {
        string subject = NewSubject();
        await using RawConnection requester = await ConnectAsync(kind, ConnectOptions.NoResponders);
        await using RawConnection responder = await ConnectAsync(kind);
        await responder.ExchangeAsync($"SUB {subject} 1\r\n");
        string request = $"PUB {subject} in 0\r\n\r\n";
        Assert.Equal(string.Empty, await requester.ExchangeAsync("SUB in 1\r\n" + request));

        await responder.FinishSendingAsync();
        await responder.ReadToCloseAsync();

        // The close reaches the responder a moment before its subscriptions are gone.
        await Eventually.EqualAsync(Wire.NoResponders("in", "1"), () => requester.ExchangeAsync(request));
    }
}
