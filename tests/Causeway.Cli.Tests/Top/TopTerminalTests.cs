using System.Diagnostics;
using Causeway.Cli.Tests.Inspect;
using Causeway.Cli.Tests.Programs;
using Causeway.Client;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Cli.Tests.Top;

/// <summary><c>causeway top</c> on a real terminal, tmux's, with real keys and pictures of its screen; and without a terminal.</summary>
public sealed class TopTerminalTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keys_change_what_the_screen_shows()
    {
        await using InspectedNode node = await InspectedNode.StartAsync("watched");
        await using BusClient first = await ConnectAsync(node, "quiet-one");
        await using BusClient second = await ConnectAsync(node, "loud-one");
        await using Subscription subscription = await second.SubscribeAsync("x", cancellationToken: Cancelled);
        using Tmux tmux = new($"dotnet {TestServer.CausewayProgram} top --http {node.Http} --interval 200ms; echo ended: $?; cat");

        await tmux.ShowsAsync(screen => screen.Contains("node watched", StringComparison.Ordinal) && screen.Contains("loud-one", StringComparison.Ordinal) && screen.Contains("sort (OutBytes)", StringComparison.Ordinal));
        tmux.Send("s");
        await tmux.ShowsAsync(screen => screen.Contains("sort (Id)", StringComparison.Ordinal));
        tmux.Send("s");
        await tmux.ShowsAsync(screen => screen.Contains("sort (Subscriptions)", StringComparison.Ordinal) && screen.IndexOf("loud-one", StringComparison.Ordinal) < screen.IndexOf("quiet-one", StringComparison.Ordinal));
        tmux.Send("r");
        await tmux.ShowsAsync(screen => screen.Contains("reversed", StringComparison.Ordinal) && screen.IndexOf("loud-one", StringComparison.Ordinal) > screen.IndexOf("quiet-one", StringComparison.Ordinal));
        tmux.Send("/", "q", "u", "i");
        await tmux.ShowsAsync(screen => screen.Contains("filter: qui_", StringComparison.Ordinal) && !screen.Contains("loud-one", StringComparison.Ordinal));
        tmux.Send("Enter");
        await tmux.ShowsAsync(screen => screen.Contains("/ filter (qui)", StringComparison.Ordinal));
        tmux.Send("Escape");
        await tmux.ShowsAsync(screen => screen.Contains("loud-one", StringComparison.Ordinal));
        tmux.Send("m");
        await tmux.ShowsAsync(screen => screen.Contains("HOLDER", StringComparison.Ordinal) && screen.Contains("routes", StringComparison.Ordinal) && screen.Contains("m clients", StringComparison.Ordinal));
        tmux.Send("m", "p");
        await tmux.ShowsAsync(screen => screen.Contains("[paused]", StringComparison.Ordinal) && screen.Contains("p go on", StringComparison.Ordinal));
        tmux.Send("q");
        await tmux.ShowsAsync(screen => screen.Contains("ended: 0", StringComparison.Ordinal) && !screen.Contains("node watched", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_terminal_it_prints_one_picture()
    {
        await using InspectedNode node = await InspectedNode.StartAsync("watched");
        await using BusClient client = await ConnectAsync(node, "a-client");
        ProgramResult result = await CausewayProcess.RunAsync(null, ["top", "--http", node.Http, "--interval", "100ms"]);
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("node watched  up ", result.Lines[0], StringComparison.Ordinal);
        Assert.Contains(result.Lines, line => line.Contains("a-client", StringComparison.Ordinal));
        Assert.DoesNotContain('\e', result.Text);
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_one_line()
    {
        string nobody = $"127.0.0.1:{FreePorts.Take()}";
        ProgramResult result = await CausewayProcess.RunAsync(null, ["top", "--http", nobody]);
        Assert.Equal((2, $"causeway top: can't reach {nobody}: connection refused"), (result.ExitCode, Assert.Single(result.Errors)));
    }

    private static Task<BusClient> ConnectAsync(InspectedNode node, string name) =>
        BusClient.ConnectAsync(new BusClientOptions { Servers = [ServerAddress.Parse($"nats://{node.Clients}")], Name = name, ConnectTimeout = Eventually.Deadline }, Cancelled);

    /// <summary>A terminal of 140 by 24 characters that runs a command.</summary>
    private sealed class Tmux : IDisposable
    {
        private readonly string _socket = $"causeway-test-{Guid.NewGuid():N}";

        public Tmux(string command) => Run("-f", "/dev/null", "new-session", "-d", "-x", "140", "-y", "24", command);

        public void Send(params string[] keys) => Run(["send-keys", .. keys]);

        public async Task ShowsAsync(Func<string, bool> isShown)
        {
            string screen = "";
            try
            {
                await Eventually.TrueAsync(() => isShown(screen = Run("capture-pane", "-p")));
            }
            catch (Xunit.Sdk.TrueException)
            {
                Assert.Fail("the screen is:\n" + screen);
            }
        }

        public void Dispose() => Run("kill-server");

        private string Run(params string[] arguments)
        {
            using Process process = Process.Start(new ProcessStartInfo("tmux", ["-L", _socket, .. arguments]) { RedirectStandardOutput = true })!;
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return output;
        }
    }
}
