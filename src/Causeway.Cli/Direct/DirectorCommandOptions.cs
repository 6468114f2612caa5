using System.CommandLine;
using System.Net;
using Causeway.Alerting;
using Causeway.Cli.Connections;
using Causeway.Cli.Output;
using Causeway.Cli.Parsing;
using Causeway.Cli.Serve;
using Causeway.Cli.Telemetry;
using Causeway.Client;
using Causeway.Core.Links;
using Causeway.Director.Access;
using Causeway.Director.Http;
using Causeway.Director.Regions;

namespace Causeway.Cli.Direct;

/// <summary>The options of <c>causeway director</c>, each of which the environment can set too.</summary>
internal sealed class DirectorCommandOptions
{
    private readonly Option<IPEndPoint> _listen = ServeOptions.Address("--listen", "Address for HTTP: regions, pages, metrics", new IPEndPoint(IPAddress.Loopback, 8080));
    private readonly Option<ServerAddress[]> _servers = ServerOption.Create();
    private readonly Option<string> _name = ServeOptions.Text("--name", "The director's name, unlike any other's [default: machine and process]", "", ServeOptions.CheckName);
    private readonly Option<string> _advertise = ServeOptions.Url("--advertise-url", "The URL that other directors are told, where it differs from --listen", "", CheckUrl);
    private readonly Option<string> _deployment = ServeOptions.Text("--deployment", "The deployment's name, as its nodes have it", "causeway", ServeOptions.CheckName);
    private readonly Option<string> _keyFile = ServeOptions.Text("--deployment-key-file", "File with the secret that all nodes of the deployment share", "", _ => null);
    private readonly Option<string> _token = ServeOptions.Text("--operator-token-file", "File with the token (16 bytes or more) that operators prove themselves by; without it nobody can drain, log in or change anything", "", _ => null);
    private readonly Option<string> _store = ServeOptions.Url("--store", "Where several directors share what they know: redis://host:port; without it the director is by itself", "", CheckStore);
    private readonly Option<string[]> _locations = Many("--region-location", "Where a region is, as name=latitude,longitude; once for each region, in the order to prefer where nothing else is known", "name=lat,lon");
    private readonly Option<string[]> _networks = Many("--region-network", "A network of clients that are near a region, as CIDR=name; may be repeated", "cidr=name");
    private readonly Option<string[]> _mediaUrls = Many("--region-url", "The URL for /settings/regions of a region, as name=url; may be repeated", "name=url");
    private readonly Option<Rate?> _rate = ValueOption.Optional<Rate>("--region-rate", "Clients a second that are sent to one region at most [default: its room in 30 s]", RateRange, ServeOptions.Variable("--region-rate"));
    private readonly Option<Count> _requests = ServeOptions.Number("--max-requests", "Requests a second that one address may make", HttpLimits.DefaultRequestsPerSecond, 1, 1_000_000);
    private readonly Option<string> _logFormat = ServeOptions.Text("--log-format", "Form of log lines on standard error: text or json", "text", text => text is "text" or "json" ? null : "accepted is text or json");

    private readonly AlarmOptions _alarms = new();
    private readonly Option<string> _collector = OtlpOption.Create();

    private static ValueRange<Rate> RateRange => new(new Rate(0.1), new Rate(1_000_000));

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[
            _listen, _servers, _name, _advertise, _deployment, _keyFile, _token, _store, _locations, _networks, _mediaUrls, _rate, _requests, _logFormat])
        {
            command.Options.Add(option);
        }

        _alarms.AddOutletsTo(command);
        command.Options.Add(_collector);
    }

    /// <summary>Where metrics are exported to; null for nowhere. Adds a line to <paramref name="faults"/> if that can't be read.</summary>
    public Uri? Collector(ParseResult result, List<string> faults) => OtlpOption.Read(result, _collector, faults);

    /// <summary>Who is told of alarms; adds a line to <paramref name="faults"/> for each that can't be read.</summary>
    public AlertingOptions ReadAlerting(ParseResult result, List<string> faults) => _alarms.ReadAlerting(result, faults);

    public bool LogsJson(ParseResult result) => result.GetValue(_logFormat) == "json";

    /// <summary>The director's settings, and a line for each fault.</summary>
    public (DirectorOptions Director, IReadOnlyList<string> Faults) Read(ParseResult result)
    {
        List<string> faults = [];
        byte[] secret = SecretFile.Read(_keyFile.Name, result.GetValue(_keyFile)!, faults);
        byte[] token = SecretFile.Read(_token.Name, result.GetValue(_token)!, faults);
        ServerAddress[] servers = result.GetRequiredValue(_servers);
        if (secret.Length == 0 && servers.Any(server => server.Host is not ("localhost" or "127.0.0.1" or "::1")))
        {
            faults.Add("--server is not on this machine's own: --deployment-key-file is needed, or anybody on the bus could pretend to be a node");
        }

        string name = result.GetValue(_name)!;
        DirectorOptions options = new()
        {
            Name = name.Length > 0 ? name : $"{Environment.MachineName}-{Environment.ProcessId}",
            Listen = result.GetValue(_listen)!,
            AdvertiseUrl = result.GetValue(_advertise)!.TrimEnd('/'),
            Servers = servers,
            Key = new DeploymentKey(result.GetValue(_deployment)!, secret),
            Access = faults.Count == 0 ? new OperatorAccess(token) : new OperatorAccess([]),
            Store = result.GetValue(_store)!,
            Geography = new Geography { Places = ReadPlaces(result, faults), Networks = ReadNetworks(result, faults) },
            MediaUrls = ReadUrls(result, faults),
            RatePerSecond = result.GetValue(_rate) is { } rate ? rate.PerSecond : null,
            RequestsPerSecond = (int)result.GetValue(_requests).Value,
        };
        return (options, faults);
    }

    private static Option<string[]> Many(string name, string description, string helpName) => new(name)
    {
        Description = $"{description} [env: {ServeOptions.Variable(name)}, separated by ';']",
        HelpName = helpName,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(ServeOptions.Variable(name))?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
    };

    private List<(string, GeoPoint)> ReadPlaces(ParseResult result, List<string> faults)
    {
        List<(string, GeoPoint)> places = [];
        foreach (string text in result.GetValue(_locations)!)
        {
            if (Split(text) is (string region, string place) && GeoPoint.TryParse(place, out GeoPoint point))
            {
                places.Add((region, point));
            }
            else
            {
                faults.Add($"--region-location: '{ShownWord.Of(text)}' can't be read; accepted is name=latitude,longitude such as us-east-1=39.0,-77.5");
            }
        }

        return places;
    }

    private List<(IPNetwork, string)> ReadNetworks(ParseResult result, List<string> faults)
    {
        List<(IPNetwork, string)> networks = [];
        foreach (string text in result.GetValue(_networks)!)
        {
            if (Split(text) is (string cidr, string region) && IPNetwork.TryParse(cidr, out IPNetwork network))
            {
                networks.Add((network, region));
            }
            else
            {
                faults.Add($"--region-network: '{ShownWord.Of(text)}' can't be read; accepted is CIDR=name such as 10.1.0.0/16=us-east-1");
            }
        }

        return networks;
    }

    private Dictionary<string, string> ReadUrls(ParseResult result, List<string> faults)
    {
        Dictionary<string, string> urls = new(StringComparer.Ordinal);
        foreach (string text in result.GetValue(_mediaUrls)!)
        {
            if (Split(text) is (string region, string url) && Uri.TryCreate(url, UriKind.Absolute, out Uri? read) && read.UserInfo.Length == 0)
            {
                urls[region] = url;
            }
            else
            {
                int name = text.IndexOf('=', StringComparison.Ordinal) + 1;
                faults.Add($"--region-url: '{text[..name]}{UrlSecrets.Hide(text[name..])}' can't be read; accepted is name=url such as us-east-1=wss://media.example.com, without a user: everybody is told it");
            }
        }

        return urls;
    }

    private static (string Left, string Right)? Split(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && equals < text.Length - 1 ? (text[..equals], text[(equals + 1)..]) : null;
    }

    private static string? CheckUrl(string text) =>
        text.Length == 0 || (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url is { Scheme: "http" or "https", UserInfo.Length: 0 }) ? null : "accepted is an http or https URL without a user";

    private static string? CheckStore(string text) =>
        text.Length == 0 || (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url is { Scheme: "redis", Host.Length: > 0, UserInfo.Length: 0 }) ? null : "accepted is redis://host:port, without a user";
}
