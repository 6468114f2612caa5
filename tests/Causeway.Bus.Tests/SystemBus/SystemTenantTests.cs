using System.Text;
using System.Text.Json;
using Causeway.Bus.SystemBus;
using Causeway.Bus.Tests.Support;
using Causeway.Core.Access;
using Xunit;

namespace Causeway.Bus.Tests.SystemBus;

/// <summary>Questions and events of the system tenant, over links too, and what they cost where nobody listens.</summary>
public sealed class SystemTenantTests
{
    private const string Password = "hunter2hunter2";

    private static readonly AccessSettings Access = new()
    {
        Users =
        [
            new User { Name = "sys", Tenant = "$SYS", Secret = new PlainSecret("s") },
            new User { Name = "ann", Tenant = "A", Secret = new PlainSecret(Password), Permissions = new Permissions { PublishAllow = new SubjectSet(["x.>", "$SYS.REQ.USER.INFO"]), Responses = ResponseRule.Default } },
        ],
    };

    private static readonly ClientSettings Sys = new() { User = "sys", Password = "s", NoResponders = true };
    private static readonly ClientSettings Ann = new() { User = "ann", Password = Password, NoResponders = true };

    [Fact]
    public async Task Every_node_of_every_region_answers_a_ping()
    {
        await using TestDeployment deployment = await StartAsync();
        TestClient sys = await deployment["e1"].ConnectAsync(Sys);
        await sys.SubscribeAsync("inbox");

        HashSet<string> names = [];
        await Eventually.TrueAsync(() =>
        {
            // Interest in the question takes a moment to come round.
            sys.SendAsync("PUB $SYS.REQ.SERVER.PING inbox 0\r\n\r\n").GetAwaiter().GetResult();
            sys.FlushAsync().GetAwaiter().GetResult();
            names.UnionWith(sys.TakeKept().Select(frame => Server(frame, "name")));
            return names.Count == 3;
        });

        Assert.Equal(["e1", "e2", "w1"], names.Order());
        await deployment.EndAsync();
    }

    [Fact]
    public async Task A_user_of_the_system_tenant_hears_of_clients_of_another_node()
    {
        await using TestDeployment deployment = await StartAsync();
        TestClient sys = await deployment["e1"].ConnectAsync(Sys);
        await sys.SubscribeAsync("$SYS.ACCOUNT.*.CONNECT");
        SystemService far = deployment["w1"].Bus.SystemTenant!;

        Frame? told = null;
        await Eventually.TrueAsync(() =>
        {
            deployment["w1"].ConnectAsync(Ann).GetAwaiter().GetResult().FlushAsync().GetAwaiter().GetResult();
            sys.FlushAsync().GetAwaiter().GetResult();
            told ??= sys.TakeKept().FirstOrDefault(frame => frame.Subject == "$SYS.ACCOUNT.A.CONNECT");
            return told is not null;
        });

        Assert.Equal("w1", Server(told!, "name"));
        Assert.DoesNotContain(Password, told!.PayloadText, StringComparison.Ordinal);
        // It counts what the node has taken, which is a moment later.
        await Eventually.TrueAsync(() => far.Published >= 1);
        await deployment.EndAsync();
    }

    [Fact]
    public async Task Events_that_nobody_listens_to_are_not_made()
    {
        await using TestDeployment deployment = await StartAsync();
        TestClient ann = await deployment["e1"].ConnectAsync(Ann);
        await ann.FlushAsync();
        TestClient wrong = await deployment["e1"].ConnectAsync(Ann with { Password = "wrong" });
        await wrong.ReadToEndAsync();

        SystemService system = deployment["e1"].Bus.SystemTenant!;
        Assert.Equal((0, 0, 0), (system.Published, system.Events.Dropped, system.Events.Queue.Count));
        await deployment.EndAsync();
    }

    [Fact]
    public async Task More_events_than_may_wait_are_dropped_and_counted()
    {
        await using TestDeployment deployment = await StartAsync();
        TestClient sys = await deployment["e1"].ConnectAsync(Sys);
        await sys.SubscribeAsync("flood");
        SystemService system = deployment["e1"].Bus.SystemTenant!;
        TaskCompletionSource<byte[]> first = new();

        // The first holds up the thread that publishes, as a slow node would.
        system.Events.Tell("flood", () => first.Task.GetAwaiter().GetResult());
        await Eventually.TrueAsync(() => system.Events.Queue.Count == 0);
        for (int i = 0; i < SystemLimits.MaxQueuedEvents + 10; i++)
        {
            system.Events.Tell("flood", () => [1]);
        }

        Assert.Equal((SystemLimits.MaxQueuedEvents, 10), (system.Events.Queue.Count, system.Events.Dropped));
        first.SetResult([0]);
        await Eventually.TrueAsync(() => system.Published == SystemLimits.MaxQueuedEvents + 1);
        await deployment.EndAsync();
    }

    [Fact]
    public async Task A_node_that_leaves_says_so()
    {
        await using TestDeployment deployment = await StartAsync();
        TestClient sys = await deployment["e1"].ConnectAsync(Sys);
        await sys.SubscribeAsync("$SYS.SERVER.*.SHUTDOWN");

        Task drained = deployment["e1"].Bus.DrainAsync();

        Frame told = await sys.MessageAsync();
        using JsonDocument server = JsonDocument.Parse(told.Payload);
        Assert.Equal($"$SYS.SERVER.{deployment["e1"].Bus.Info.ServerId}.SHUTDOWN", told.Subject);
        Assert.Equal("e1", server.RootElement.GetProperty("name").GetString());
        sys.Dispose();
        await drained.InTimeAsync();
        await deployment.EndAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_is_told_who_it_is(bool wildcard)
    {
        await using TestDeployment deployment = await StartAsync();
        TestClient ann = await deployment["e1"].ConnectAsync(Ann);
        await ann.SubscribeAsync(wildcard ? "inbox.*" : "inbox.1");

        await ann.SendAsync("PUB $SYS.REQ.USER.INFO inbox.1 0\r\n\r\n");

        Frame answer = await ann.MessageAsync();
        using JsonDocument document = JsonDocument.Parse(answer.Payload);
        JsonElement data = document.RootElement.GetProperty("data");
        Assert.Equal(("ann", "A", "inbox.1"), (data.GetProperty("user").GetString(), data.GetProperty("account").GetString(), answer.Subject));
        Assert.Equal(["x.>", "$SYS.REQ.USER.INFO"], data.GetProperty("permissions").GetProperty("publish").GetProperty("allow").EnumerateArray().Select(item => item.GetString()));
        Assert.Equal(1, data.GetProperty("permissions").GetProperty("responses").GetProperty("max").GetInt32());
        await deployment.EndAsync();
    }

    [Fact]
    public async Task An_answer_that_is_too_large_is_an_error_that_says_what_to_do()
    {
        await using TestDeployment deployment = new();
        TestNode node = await deployment.StartAsync("e1", "", access: Access, configureNode: options => options with { ServesSystemTenant = true, Limits = options.Limits with { MaxPayloadBytes = 1000 } });
        TestClient sys = await node.ConnectAsync(Sys);
        await sys.SubscribeAsync("inbox");

        await Eventually.TrueAsync(() =>
        {
            sys.SendAsync($"PUB $SYS.REQ.SERVER.{node.Bus.Info.ServerId}.VARZ inbox 0\r\n\r\n").GetAwaiter().GetResult();
            sys.FlushAsync().GetAwaiter().GetResult();
            return sys.TakeKept().Any(frame => Encoding.UTF8.GetString(frame.Payload).Contains("over max_payload (1000)", StringComparison.Ordinal));
        });
        await deployment.EndAsync();
    }

    private static string Server(Frame frame, string field)
    {
        if (frame.Headers.Length > 0)
        {
            return "e1";
        }

        using JsonDocument document = JsonDocument.Parse(frame.Payload);
        return document.RootElement.GetProperty("server").GetProperty(field).GetString()!;
    }

    private static async Task<TestDeployment> StartAsync()
    {
        TestDeployment deployment = new();
        await deployment.StartAsync("e1", "east", access: Access, configureNode: Serving);
        await deployment.StartAsync("e2", "east", peers: ["e1"], access: Access, configureNode: Serving);
        await deployment.StartAsync("w1", "west", remotes: [("east", "e1")], access: Access, configureNode: Serving);
        await deployment.EventuallyAsync("e2", "/routez", page => page.GetProperty("num_routes").GetInt32() == 1);
        return deployment;

        static Causeway.Bus.Nodes.BusOptions Serving(Causeway.Bus.Nodes.BusOptions options) => options with { ServesSystemTenant = true };
    }
}
