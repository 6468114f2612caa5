using Causeway.Bus.SystemBus;
using Causeway.Bus.Tests.Support;
using Causeway.Core.Access;
using Xunit;

namespace Causeway.Bus.Tests.SystemBus;

/// <summary>What the system tenant tells of those who come, whatever they try: nothing that proves them.</summary>
public sealed class SystemSecrecyTests
{
    private const string Password = "hunter2hunter2";
    private const string Options = """{"state":2,"auth":true,"limit":100}""";
    private const string Guess = "gu3ssgu3ss";
    private const string Hash = "$2a$04$Q/9IyRVxf.3Cbt0Qz2ZBMeDRdRhpBkZqAWYwdxV5LwPXkMHDUoFTC";

    [Fact]
    public async Task No_event_and_no_answer_has_a_secret()
    {
        await using TestDeployment deployment = new();
        TestNode node = await deployment.StartAsync(
            "n",
            "",
            access: new AccessSettings
            {
                Users =
                [
                    new User { Name = "sys", Tenant = "$SYS", Secret = new PlainSecret("s") },
                    new User { Name = "ann", Tenant = "A", Secret = new PlainSecret(Password) },
                    new User { Name = "bob", Tenant = "A", Secret = new BcryptSecret(Hash) },
                ],
            },
            configureNode: options => options with { ServesSystemTenant = true });
        TestClient sys = await node.ConnectAsync(new ClientSettings { User = "sys", Password = "s" });
        await sys.SubscribeAsync("$SYS.ACCOUNT.>", "1");
        await sys.SubscribeAsync("$SYS.SERVER.>", "2");
        await sys.SubscribeAsync("inbox", "3");
        TestClient ann = await node.ConnectAsync(new ClientSettings { User = "ann", Password = Password });
        await ann.FlushAsync();
        foreach ((string user, string password) in (List<(string, string)>)[("ann", Guess), ("bob", Guess), (Guess, Guess), (Password, Password)])
        {
            TestClient wrong = await node.ConnectAsync(new ClientSettings { User = user, Password = password });
            await wrong.ReadToEndAsync();
        }

        ann.Dispose();
        SystemService system = node.Bus.SystemTenant!;
        foreach (string kind in SystemSubjects.ServerKinds.Keys)
        {
            await sys.SendAsync($"PUB $SYS.REQ.SERVER.PING.{kind} inbox {Options.Length}\r\n{Options}\r\n");
        }

        foreach (string kind in SystemSubjects.AccountKinds.Keys)
        {
            await sys.SendAsync($"PUB $SYS.REQ.ACCOUNT.A.{kind} inbox 0\r\n\r\n");
        }

        int answers = SystemSubjects.ServerKinds.Count + SystemSubjects.AccountKinds.Count;
        List<Frame> told = [];
        while (told.Count(frame => frame.Sid == "3") < answers - 1 || told.Count(frame => frame.Subject.EndsWith("AUTH.ERR", StringComparison.Ordinal)) < 4
            || !told.Any(frame => frame.Subject == "$SYS.ACCOUNT.A.DISCONNECT"))
        {
            told.Add(await sys.MessageAsync());
        }

        await Eventually.TrueAsync(() => system.Answered >= answers - 1);
        foreach (string secret in (string[])[Password, Guess, Hash])
        {
            Assert.DoesNotContain(told, frame => frame.PayloadText.Contains(secret, StringComparison.Ordinal));
            Assert.DoesNotContain(node.Log.Lines, line => line.Contains(secret, StringComparison.Ordinal));
        }

        await deployment.EndAsync();
    }
}
