using System.Text.RegularExpressions;
using Causeway.Cli.Tests.Programs;

namespace Causeway.Cli.Tests.Inspect;

/// <summary>A <c>causeway serve</c> with monitoring, on free ports that its log names.</summary>
internal sealed partial class InspectedNode : IAsyncDisposable
{
    private readonly CausewayProcess _process;

    private InspectedNode(CausewayProcess process) => _process = process;

    /// <summary>Where its monitoring is, as host:port.</summary>
    public string Http { get; private set; } = "";

    /// <summary>Where clients connect.</summary>
    public string Clients { get; private set; } = "";

    /// <summary>Where other nodes connect; empty for a node by itself.</summary>
    public string Links { get; private set; } = "";

    /// <summary>Starts a node, in a region unless <paramref name="region"/> is empty.</summary>
    public static async Task<InspectedNode> StartAsync(string name, string region = "", params string[] options)
    {
        string[] links = region.Length == 0 ? [] : ["--region", region, "--link-listen", "127.0.0.1:0"];
        return await OfAsync(CausewayProcess.Start(null, ["serve", "--name", name, "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", .. links, .. options]));
    }

    /// <summary>The node that <paramref name="process"/> is, once it listens.</summary>
    public static async Task<InspectedNode> OfAsync(CausewayProcess process)
    {
        InspectedNode node = new(process);
        try
        {
            await node._process.SaysAsync("listening for clients on");
            string log = string.Join('\n', node._process.Errors);
            node.Http = HttpLine().Match(log).Groups[1].Value;
            node.Clients = ClientsLine().Match(log).Groups[1].Value;
            node.Links = LinksLine().Match(log).Groups[1].Value;
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lines of its log so far.</summary>
    public string[] Errors => _process.Errors;

    /// <summary>Sends it a signal.</summary>
    public void Send(int signal) => _process.Send(signal);

    /// <summary>Kills it.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits until it has ended by itself, and gives its exit code.</summary>
    public async Task<int> EndAsync() => (await _process.EndAsync()).ExitCode;

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    [GeneratedRegex(@"monitoring on http://(\S+)")]
    private static partial Regex HttpLine();

    [GeneratedRegex(@"listening for clients on ([^\s,]+)")]
    private static partial Regex ClientsLine();

    [GeneratedRegex(@"listening for links on ([^\s,]+)")]
    private static partial Regex LinksLine();
}
