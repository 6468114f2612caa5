using System.Net;
using Causeway.Bus.Tests.Support;
using Causeway.Core.Access;
using Causeway.Core.Clients;
using Xunit;

namespace Causeway.Bus.Tests.Access;

/// <summary>Logins that cost much, and very many of them: other clients feel nothing.</summary>
public sealed class LoginFloodTests
{
    private const int Guesses = 400;
    private const int Cost = 10;

    private static readonly ClientSettings Honest = new() { User = "ann", Password = "right", From = IPAddress.Parse("127.0.0.2") };

    [Fact]
    public async Task Guesses_at_a_bcrypt_hash_hold_up_neither_messages_nor_the_login_of_another()
    {
        using TestNode node = TestNode.Start(access: Settings());
        using ControlPair pair = ControlPair.Start(node);
        TestClient[] guessers = await Task.WhenAll(Enumerable.Range(0, Guesses).Select(guess => node.ConnectAsync(
            new ClientSettings { User = guess % 2 == 0 ? "ann" : "nobody", Password = $"guess{guess}" })));

        // All that wait are from one address, so this one is next.
        TestClient ann = await node.ConnectAsync(Honest);
        await ann.SubscribeAsync("a");
        await ann.PublishAsync("a", "x");
        Assert.Equal("x", (await ann.MessageAsync()).PayloadText);

        List<Frame>[] told = await Task.WhenAll(guessers.Select(guesser => guesser.ReadToEndAsync()));
        string[] errors = [.. told.Select(frames => Assert.Single(frames).Text)];
        Assert.All(errors, error => Assert.True(error is "-ERR 'Authorization Violation'" or "-ERR 'Authentication Timeout'", error));
        Assert.Equal(Guesses, node.Bus.Context.AccessCounters.RefusedLogins);
        Assert.Equal(0, node.Bus.Access.Logins.Refused);
        await Eventually.TrueAsync(() => node.ClosedFor(CloseReason.AuthenticationViolation) + node.ClosedFor(CloseReason.AuthenticationTimeout) == Guesses);
        await pair.EndAsync();
        await node.EndAsync();
    }

    [Fact]
    public async Task Clients_that_leave_or_flood_while_their_login_waits_leave_nothing_behind()
    {
        using TestNode node = TestNode.Start(access: Settings());
        using ControlPair pair = ControlPair.Start(node);
        byte[] flood = new byte[4 * 1024 * 1024];
        for (int round = 0; round < 10; round++)
        {
            TestClient leaver = await node.ConnectAsync(new ClientSettings { User = "ann", Password = "right" });
            TestClient flooder = await node.ConnectAsync(new ClientSettings { User = "ann", Password = "wrong" });
            Task<bool> flooding = flooder.TrySendAsync(flood);
            leaver.Reset();
            await flooder.ReadToEndAsync();
            flooder.Dispose();
            await flooding.InTimeAsync();
        }

        await pair.EndAsync();
        await node.EndAsync();
    }

    private static AccessSettings Settings() => new()
    {
        Users =
        [
            new User { Name = "ann", Tenant = "$G", Secret = new BcryptSecret(BCrypt.Net.BCrypt.HashPassword("right", Cost)) },
            new User { Name = "guest", Tenant = "$G", Secret = new PlainSecret("guest") },
        ],
        NoAuthUser = "guest",
        Timeout = TimeSpan.FromSeconds(10),
    };
}
