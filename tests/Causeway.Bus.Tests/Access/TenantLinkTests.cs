using Causeway.Bus.Tests.Regions;
using Causeway.Bus.Tests.Support;
using Causeway.Core.Access;
using Causeway.Core.Control;
using Xunit;

namespace Causeway.Bus.Tests.Access;

/// <summary>Tenants and permissions across nodes and regions.</summary>
public sealed class TenantLinkTests
{
    private static readonly Permissions Replier = new() { PublishAllow = new SubjectSet(["_INBOX.>"]) };

    private static readonly AccessSettings Access = new()
    {
        Users = [Named("a", "A"), Named("b", "B"), Named("replier", "A", Replier), Named("system", "$SYS")],
    };

    [Fact]
    public async Task What_one_tenant_publishes_is_heard_by_it_in_all_regions_and_by_no_other()
    {
        await using TestDeployment deployment = await TwoRegionsAsync();
        foreach (string subject in (string[])["room.1", "room.*"])
        {
            TestClient hearsInA = await LogInAsync(deployment, "w0", "a");
            TestClient hearsInB = await LogInAsync(deployment, "w0", "b");
            await hearsInA.SubscribeAsync(subject, "1");
            await hearsInA.SubscribeAsync(subject, "2", "crew");
            await hearsInB.SubscribeAsync(subject, "1");
            await hearsInB.SubscribeAsync(subject, "2", "crew");
            TestClient speaks = await LogInAsync(deployment, "e0", "a");
            await EventuallyHeardAsync(speaks, hearsInA, "room.1");
            await speaks.FlushAsync();
            await hearsInB.FlushAsync();
            Assert.DoesNotContain(hearsInB.TakeKept(), frame => frame.Kind == FrameKind.Message);
            hearsInA.Dispose();
            hearsInB.Dispose();
        }

        await deployment.EndAsync();
    }

    [Fact]
    public async Task A_reply_finds_its_way_back_in_its_own_tenant_alone_and_only_where_it_is_allowed()
    {
        await using TestDeployment deployment = await TwoRegionsAsync();
        TestClient replier = await LogInAsync(deployment, "w0", "replier");
        await replier.SubscribeAsync("ask");
        TestClient asks = await LogInAsync(deployment, "e0", "a");
        await asks.SubscribeAsync("_INBOX.1", "5");
        await asks.SubscribeAsync("secret", "6");
        TestClient other = await LogInAsync(deployment, "e0", "b");
        await other.SubscribeAsync("_INBOX.1", "5");
        await Eventually.TrueAsync(() => Explain(deployment, "e0", "A", "ask") == 1);
        await asks.SendAsync("PUB ask _INBOX.1 1\r\nq\r\n");
        Frame request = await replier.MessageAsync();
        Assert.StartsWith("_CW_.east.", request.Reply, StringComparison.Ordinal);

        await replier.PublishAsync(request.Reply, "answer");
        Assert.Equal("answer", (await asks.MessageAsync()).PayloadText);

        // The same way back leads to no subject that the replier could not publish to at home,
        string way = request.Reply[..^"_INBOX.1".Length];
        await replier.PublishAsync(way + "secret", "x");
        Assert.Equal($"-ERR 'Permissions Violation for Publish to \"{way}secret\"'", (await replier.NextAsync()).Text);
        // and from another tenant to nobody of this one.
        TestClient stranger = await LogInAsync(deployment, "w0", "b");
        await stranger.PublishAsync(request.Reply, "stray");
        Assert.Equal("stray", (await other.MessageAsync()).PayloadText);
        await stranger.PublishAsync(way + "secret", "stray");
        await stranger.FlushAsync();
        await asks.FlushAsync();
        Assert.Empty(asks.TakeKept());
        await deployment.EndAsync();
    }

    [Fact]
    public async Task A_tenant_that_a_node_has_no_clients_of_is_passed_on_and_made_by_what_is_told()
    {
        await using TestDeployment deployment = new();
        await deployment.StartAsync("e0", "east", access: new AccessSettings { Users = [Named("g", "$G")] });
        await deployment.StartAsync("e1", "east", peers: ["e0"], access: Access);
        await deployment.LinksAsync("e0", 1);
        TestClient hears = await LogInAsync(deployment, "e1", "a");
        await hears.SubscribeAsync("x.*");
        await Eventually.TrueAsync(() => deployment["e0"].Bus.Context.Tenants.Find("A"u8) is { RemoteSubscriptions.Count: 1 });

        deployment["e0"].Bus.SetAccess(TestNode.Patient(Access));
        TestClient speaks = await LogInAsync(deployment, "e0", "a");
        await speaks.PublishAsync("x.1", "late");
        Assert.Equal("late", (await hears.MessageAsync()).PayloadText);
        await deployment.EndAsync();
    }

    [Fact]
    public async Task The_deployment_speaks_in_the_system_tenant_which_others_neither_hear_nor_reach()
    {
        await using TestDeployment deployment = await TwoRegionsAsync();
        Assert.Equal("$SYS", deployment["e0"].Bus.Context.SystemTenant.Name);
        TestClient system = await LogInAsync(deployment, "e0", "system");
        TestClient a = await LogInAsync(deployment, "e0", "a");
        await a.SubscribeAsync(ControlSubjects.Prefix + ">");
        await system.SubscribeAsync(ControlSubjects.Prefix + ">");
        await a.PublishAsync(ControlSubjects.AllReports.Replace('*', 'x'), "forged");
        Assert.Equal("forged", (await a.MessageAsync()).PayloadText);
        await system.FlushAsync();
        Assert.DoesNotContain(system.TakeKept(), frame => frame.PayloadText == "forged");
        await deployment.EndAsync();
    }

    private static User Named(string name, string tenant, Permissions? permissions = null) =>
        new() { Name = name, Tenant = tenant, Secret = new PlainSecret("p"), Permissions = permissions ?? Permissions.All };

    private static async Task<TestDeployment> TwoRegionsAsync()
    {
        TestDeployment deployment = new();
        await deployment.StartAsync("w0", "west", access: Access);
        await deployment.StartAsync("e0", "east", remotes: [("west", "w0")], access: Access);
        await Layout.LinkedAsync(deployment, "e0", "west");
        return deployment;
    }

    private static Task<TestClient> LogInAsync(TestDeployment deployment, string node, string user) =>
        deployment[node].ConnectAsync(new ClientSettings { User = user, Password = "p" });

    private static int Explain(TestDeployment deployment, string node, string tenant, string subject) =>
        deployment.PageAsync(node, $"/explainz?tenant={tenant}&subject={subject}").GetAwaiter().GetResult().GetProperty("regions").GetArrayLength();

    /// <summary>Publishes until it is heard over the link, by the plain subscription and by the group.</summary>
    private static async Task EventuallyHeardAsync(TestClient speaks, TestClient hears, string subject)
    {
        HashSet<string> sids = [];
        await Eventually.TrueAsync(() =>
        {
            speaks.PublishAsync(subject, "x").GetAwaiter().GetResult();
            speaks.FlushAsync().GetAwaiter().GetResult();
            hears.FlushAsync().GetAwaiter().GetResult();
            sids.UnionWith(hears.TakeKept().Where(frame => frame.Kind == FrameKind.Message).Select(frame => frame.Sid));
            return sids.SetEquals(["1", "2"]);
        });
    }
}
