using System.CommandLine;
using System.Net;
using System.Security.Cryptography;
using Causeway.Bus.Links;
using Causeway.Cli.Output;
using Causeway.Cli.Parsing;
using Causeway.Core.Links;

namespace Causeway.Cli.Serve;

/// <summary>The options of <c>causeway serve</c> that make a node part of a region and a deployment.</summary>
internal sealed class RegionOptions
{
    private static readonly LinkLimits Defaults = new();

    private readonly Option<string> _region = ServeOptions.Text("--region", "The region that the node belongs to; without it the node is by itself", "", CheckRegion);
    private readonly Option<IPEndPoint> _listen = ServeOptions.Address("--link-listen", "Address for links of other nodes", new IPEndPoint(IPAddress.Loopback, 6222));
    private readonly Option<string> _advertise = ServeOptions.Text("--link-advertise", "The host:port that other nodes are told, where it differs from --link-listen", "", ServeOptions.CheckAdvertise);
    private readonly Option<string> _peers = ServeOptions.Text("--peers", "Nodes of the region to begin with, as host:port,...; one is enough", "", CheckPeers);
    private readonly Option<string[]> _remotes = new("--remote")
    {
        Description = "Another region and nodes of it to begin with, as name=host:port,...; once for each region [env: CAUSEWAY_REMOTE, regions separated by ';']",
        HelpName = "name=host:port",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("CAUSEWAY_REMOTE")?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [],
    };

    private readonly Option<string> _deployment = ServeOptions.Text("--deployment", "The deployment's name", "causeway", ServeOptions.CheckName);
    private readonly Option<string> _keyFile = ServeOptions.Text("--deployment-key-file", "File with the secret that all nodes of the deployment share; needed unless links stay on loopback", "", _ => null);
    private readonly Option<string> _certificate = ServeOptions.Text("--link-tls-cert", "PEM file with the node's certificate for links", "", _ => null);
    private readonly Option<string> _certificateKey = ServeOptions.Text("--link-tls-key", "PEM file with the key of --link-tls-cert", "", _ => null);
    private readonly Option<string> _authority = ServeOptions.Text("--link-tls-ca", "PEM file with the authority that signs the certificates of all nodes", "", _ => null);
    private readonly Option<ByteSize> _maxLinkPending = ServeOptions.Size("--max-link-pending", "Bytes of messages that may wait for a link; more are dropped and counted", Defaults.MaxPendingBytes, 64 * 1024, 1L << 40);
    private readonly Option<Count> _maxExported = ServeOptions.Number("--max-exported", "Most subjects that the node tells others one by one; beyond, the fullest prefixes are told as patterns", Defaults.MaxExportedEntries, 1, int.MaxValue);
    private readonly Option<Duration> _takeover = ServeOptions.Time("--takeover-window", "Time for which what a lost region had told is kept to go on with", Defaults.TakeoverWindow);

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[
            _region, _listen, _advertise, _peers, _remotes, _deployment, _keyFile, _certificate, _certificateKey, _authority, _maxLinkPending, _maxExported, _takeover])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The settings of links, null for a node by itself; adds a line to <paramref name="faults"/> for each that does not fit.</summary>
    public LinkOptions? Read(ParseResult result, List<string> faults)
    {
        string region = result.GetValue(_region)!;
        string[] remotes = result.GetValue(_remotes)!;
        string peers = result.GetValue(_peers)!;
        if (region.Length == 0)
        {
            if (remotes.Length > 0 || peers.Length > 0)
            {
                faults.Add("--peers and --remote need --region, the name of the node's own region");
            }

            return null;
        }

        IPEndPoint listen = result.GetValue(_listen)!;
        byte[] secret = SecretFile.Read(_keyFile.Name, result.GetValue(_keyFile)!, faults);
        if (secret.Length == 0 && !IPAddress.IsLoopback(listen.Address))
        {
            faults.Add($"--link-listen {listen} can be reached from outside: --deployment-key-file is needed");
        }

        ByteSize pending = result.GetValue(_maxLinkPending);
        return new LinkOptions
        {
            Region = region,
            Listen = listen,
            Advertise = result.GetValue(_advertise)!,
            Peers = peers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Remotes = [.. remotes.SelectMany(remote => ReadRemote(remote, region, faults))],
            Deployment = result.GetValue(_deployment)!,
            Secret = secret,
            Tls = ReadTls(result, faults),
            Limits = Defaults with
            {
                MaxPendingBytes = pending.Bytes,
                MaxBulkPendingBytes = pending.Bytes / 4 * 3,
                PausePendingBytes = Math.Min(Defaults.PausePendingBytes, pending.Bytes / 4),
                MaxExportedEntries = (int)result.GetValue(_maxExported).Value,
                TakeoverWindow = result.GetValue(_takeover).Time,
            },
        };
    }

    private static IEnumerable<(string Region, string Address)> ReadRemote(string remote, string own, List<string> faults)
    {
        int equals = remote.IndexOf('=', StringComparison.Ordinal);
        string region = equals < 0 ? "" : remote[..equals];
        string[] addresses = remote[(equals + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (region.Length == 0 || CheckRegion(region) is not null || addresses.Length == 0 || addresses.Any(address => ServeOptions.CheckAdvertise(address) is not null))
        {
            faults.Add($"--remote: '{ShownWord.Of(remote)}' can't be read; accepted is name=host:port,...");
            return [];
        }

        if (region == own)
        {
            faults.Add($"--remote: '{region}' is the node's own region; its nodes belong into --peers");
            return [];
        }

        return addresses.Select(address => (region, address));
    }

    private static string? CheckRegion(string text) =>
        text.Length <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? null : "accepted are up to 64 letters, digits, - and _";

    private static string? CheckPeers(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).All(address => ServeOptions.CheckAdvertise(address) is null) ? null : "accepted is host:port,...";

    private LinkTls? ReadTls(ParseResult result, List<string> faults)
    {
        string[] files = [result.GetValue(_certificate)!, result.GetValue(_certificateKey)!, result.GetValue(_authority)!];
        if (files.All(file => file.Length == 0))
        {
            return null;
        }

        if (files.Any(file => file.Length == 0))
        {
            faults.Add("--link-tls-cert, --link-tls-key and --link-tls-ca belong together: all three or none");
            return null;
        }

        try
        {
            return LinkTls.Load(files[0], files[1], files[2]);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            faults.Add($"TLS of links ({string.Join(", ", files)}): {fault.Message}");
            return null;
        }
    }
}
