using System.CommandLine;
using System.Net;
using Causeway.Bus.Configuration.Leafs;
using Causeway.Bus.Leafs;
using Causeway.Client;
using Causeway.Core.Routing;

namespace Causeway.Cli.Serve;

/// <summary>The options of <c>causeway serve</c> for NATS' leaf-node protocol. What takes more than these stands in the block <c>leafnodes</c> of a file.</summary>
internal sealed class LeafNodeOptions
{
    private readonly Option<string> _listen = ServeOptions.Text("--leaf-listen", "Address for nats-servers that are leaf nodes of this one [default: none]", "", CheckListen);
    private readonly Option<string> _advertise = ServeOptions.Text("--leaf-advertise", "The host:port that leaf nodes are told, where it differs from --leaf-listen", "", CheckAdvertise);
    private readonly Option<string[]> _remotes = new("--leaf-remote")
    {
        Description = "A hub that the deployment is a leaf node of, as nats-leaf://user:password@host:port; once for each hub [env: CAUSEWAY_LEAF_REMOTE, hubs separated by ';']",
        HelpName = "url",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("CAUSEWAY_LEAF_REMOTE")?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [],
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_listen);
        command.Options.Add(_advertise);
        command.Options.Add(_remotes);
    }

    /// <summary>The settings, those of <paramref name="file"/> with what the options say; null if there are none.</summary>
    public LeafOptions? Read(ParseResult result, LeafOptions? file, List<string> faults)
    {
        string listen = result.GetValue(_listen)!;
        string advertise = result.GetValue(_advertise)!;
        string[] remotes = result.GetValue(_remotes)!;
        if (file is null && listen.Length == 0 && remotes.Length == 0)
        {
            if (advertise.Length > 0)
            {
                faults.Add("--leaf-advertise needs --leaf-listen");
            }

            return null;
        }

        LeafOptions options = file ?? new LeafOptions();
        if (listen.Length > 0 && ListenAddress.TryParse(listen, out IPEndPoint address))
        {
            options = options with { Listen = address };
        }

        return options with
        {
            Advertise = advertise.Length > 0 ? advertise : options.Advertise,
            Remotes = [.. options.Remotes, .. remotes.Select(url => ReadRemote(url, faults)).OfType<LeafRemoteOptions>()],
        };
    }

    private static LeafRemoteOptions? ReadRemote(string url, List<string> faults)
    {
        try
        {
            return LeafReader.RemoteOf(url, Tenant.DefaultName);
        }
        catch (FormatException fault)
        {
            faults.Add($"--leaf-remote: '{UrlSecrets.Hide(url)}'{fault.Message}");
            return null;
        }
    }

    private static string? CheckListen(string text) => text.Length == 0 || ListenAddress.TryParse(text, out _) ? null : ListenAddress.Accepted;

    private static string? CheckAdvertise(string text) => text.Length == 0 ? null : ServeOptions.CheckAdvertise(text);
}
