using Causeway.Bus.Tests.Support;
using Causeway.Core;
using Causeway.Core.Access;
using Causeway.Core.Memory;
using Xunit;

namespace Causeway.Bus.Tests.Access;

/// <summary>What a node shows of those who come: names and tenants, and nothing secret.</summary>
public sealed class SecrecyTests
{
    private const string Password = "hunter2hunter2";
    private const string Token = "t0kent0kent0ken";
    private const string Hash = "$2a$04$Q/9IyRVxf.3Cbt0Qz2ZBMeDRdRhpBkZqAWYwdxV5LwPXkMHDUoFTC";

    [Fact]
    public async Task No_page_and_no_log_line_has_a_secret_and_connz_has_user_and_account()
    {
        await using TestDeployment deployment = new();
        TestNode node = await deployment.StartAsync("n", "", access: new AccessSettings
        {
            Users =
            [
                new User { Name = "ann", Tenant = "A", Secret = new PlainSecret(Password) },
                new User { Name = "bob", Tenant = "$G", Secret = new BcryptSecret(Hash) },
            ],
        });
        TestClient ann = await node.ConnectAsync(new ClientSettings { User = "ann", Password = Password });
        await ann.SubscribeAsync("a.b");
        TestClient wrong = await node.ConnectAsync(new ClientSettings { User = "ann", Password = Password + "x" });
        await wrong.ReadToEndAsync();
        TestClient token = await node.ConnectAsync(new ClientSettings { User = Token, Password = Token });
        await token.ReadToEndAsync();
        node.Bus.SetAccess(TestNode.Patient(new AccessSettings { TokenUser = new User { Name = "", Tenant = "$G", Secret = new PlainSecret(Token, isToken: true) } }));
        await ann.ReadToEndAsync();
        TestClient byToken = await node.ConnectAsync(new ClientSettings { SendsConnect = false });
        await byToken.SendAsync($"CONNECT {{\"verbose\":false,\"auth_token\":\"{Token}\"}}\r\n");
        await byToken.SubscribeAsync("c.d");

        List<string> texts = [.. node.Log.Lines];
        foreach (string path in (string[])["/connz?auth=1&subs=1&state=any", "/varz", "/memz", "/subsz?subs=1", "/metrics", "/healthz", "/connz?auth=1&state=closed", "/accountz", "/accountz?acc=A", "/accstatz?unused=1", "/routez", "/gatewayz", "/leafz", "/jsz", "/tracez", "/"])
        {
            texts.Add(await deployment.TextAsync("n", path));
        }

        Assert.Contains(texts, text => text.Contains("\"authorized_user\": \"ann\"", StringComparison.Ordinal) || text.Contains("\"authorized_user\":\"ann\"", StringComparison.Ordinal));
        Assert.Contains(texts, text => text.Contains("causeway_logins_refused", StringComparison.Ordinal));
        foreach (string secret in (string[])[Password, Token, Hash])
        {
            Assert.DoesNotContain(texts, text => text.Contains(secret, StringComparison.Ordinal));
        }

        await deployment.EndAsync();
    }

    [Fact]
    public async Task Pages_tell_tenants_apart()
    {
        await using TestDeployment deployment = new();
        TestNode node = await deployment.StartAsync("n", "", access: new AccessSettings
        {
            Users = [new User { Name = "ann", Tenant = "A", Secret = new PlainSecret("p") }, new User { Name = "bob", Tenant = "B", Secret = new PlainSecret("p") }],
        });
        TestClient ann = await node.ConnectAsync(new ClientSettings { User = "ann", Password = "p" });
        TestClient bob = await node.ConnectAsync(new ClientSettings { User = "bob", Password = "p" });
        await ann.SubscribeAsync("a");
        await bob.SubscribeAsync("b.*", "1");
        await bob.SubscribeAsync("c", "2");

        Assert.Equal(3, (await deployment.PageAsync("n", "/varz")).GetProperty("subscriptions").GetInt32());
        Assert.Equal(3, (await deployment.PageAsync("n", "/subsz?subs=1")).GetProperty("total").GetInt32());
        Assert.Equal(2, (await deployment.PageAsync("n", "/subsz?subs=1&acc=B")).GetProperty("subscriptions_list").GetArrayLength());
        Assert.Equal(0, (await deployment.PageAsync("n", "/subsz?subs=1&acc=C")).GetProperty("num_subscriptions").GetInt32());
        Assert.Equal(1, (await deployment.PageAsync("n", "/connz?acc=A")).GetProperty("connections").GetArrayLength());
        Assert.Equal(1, (await deployment.PageAsync("n", "/memz")).GetProperty("tenants").EnumerateArray().Single(row => row.GetProperty("tenant").GetString() == "A").GetProperty("connections").GetInt32());
        await deployment.EndAsync();
    }

    [Fact]
    public async Task A_tenant_that_fills_its_share_of_memory_loses_its_slowest_and_no_other()
    {
        const long limit = 256L * 1024 * 1024;
        using TestNode node = TestNode.Start(limits: new Limits { MaxPendingBytes = limit, WriteStallTimeout = TimeSpan.FromMinutes(10) }, memoryLimitBytes: limit, access: new AccessSettings
        {
            Users = [new User { Name = "ann", Tenant = "A", Secret = new PlainSecret("p") }, new User { Name = "bob", Tenant = "B", Secret = new PlainSecret("p") }],
            Tenants = new Dictionary<string, TenantLimits> { ["A"] = new() { MaxMemoryPercent = 5 } },
        });
        ClientSettings inA = ClientSettings.SmallWindow with { User = "ann", Password = "p" };
        TestClient stuck = await node.ConnectAsync(inA);
        await stuck.SubscribeAsync("fill");
        TestClient other = await node.ConnectAsync(ClientSettings.SmallWindow with { User = "bob", Password = "p" });
        await other.SubscribeAsync("fill");
        TestClient speaksInA = await node.ConnectAsync(inA);
        TestClient speaksInB = await node.ConnectAsync(inA with { User = "bob" });
        string payload = new('x', 512 * 1024);
        for (int i = 0; i < 40; i++)
        {
            await speaksInB.PublishAsync("fill", payload);
        }

        await Eventually.TrueAsync(() =>
        {
            speaksInA.PublishAsync("fill", payload).GetAwaiter().GetResult();
            return node.ClosedFor(Core.Clients.CloseReason.SlowConsumerMemory) == 1;
        });
        Assert.Equal(1, node.Bus.Memory.Shares.ClosedClients);
        Assert.Equal(GovernorStep.Calm, node.Governor.Step);
        await Eventually.TrueAsync(() => !node.Bus.Context.Tenants.Find("A"u8)!.IsOverShare);
        TestClient late = await node.ConnectAsync(inA);
        await late.SubscribeAsync("fine");
        await node.ConnectionsAsync(4);
        await node.EndAsync();
    }
}
