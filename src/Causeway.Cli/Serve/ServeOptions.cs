using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Causeway.Bus.Health;
using Causeway.Bus.Leafs;
using Causeway.Bus.Links;
using Causeway.Bus.Nodes;
using Causeway.Cli.Logging;
using Causeway.Cli.Output;
using Causeway.Cli.Parsing;
using Causeway.Client;
using Causeway.Core;
using Causeway.Core.Access;
using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Serve;

/// <summary>The options of <c>causeway serve</c>, each of which the environment can set too: <c>--max-payload</c> is <c>CAUSEWAY_MAX_PAYLOAD</c>.</summary>
internal sealed class ServeOptions
{
    private const long Ki = 1024;
    private const long Gi = Ki * Ki * Ki;

    /// <summary>The option that names the configuration file.</summary>
    internal const string ConfigOption = "--config";

    /// <summary>The options of a login, which a configuration file has other words for.</summary>
    internal static readonly string[] LoginOptions = ["--user", "--pass", "--auth"];

    private static readonly Limits Defaults = new();

    private readonly Option<IPEndPoint> _listen = Address("--listen", "Address for clients", new IPEndPoint(IPAddress.Loopback, 4222));
    private readonly Option<string> _http = Text("--http", "Address for monitoring over HTTP, or 'off'", "127.0.0.1:8222", CheckHttp);
    private readonly Option<string> _name = Text("--name", "The node's name [default: its id]", "", CheckName);
    private readonly Option<string> _advertise = Text("--client-advertise", "The host:port that clients are told, where it differs from --listen", "", CheckAdvertise);
    private readonly Option<Count> _loops = Number("--loops", "Event loops, each a thread; 0 for one per two processors", 0, 0, 1024);
    private readonly Option<ByteSize> _memoryLimit = Size("--memory-limit", "Memory budget; 0 for three quarters of what the machine or container allows", 0, 0, 1L << 46);
    private readonly Option<ByteSize> _maxPayload = Size("--max-payload", "Largest message, headers included", Defaults.MaxPayloadBytes, 1, Limits.LargestPayloadBytes);
    private readonly Option<ByteSize> _maxPending = Size("--max-pending", "Bytes that may wait for a client before it is closed as a slow consumer", Defaults.MaxPendingBytes, 4 * Ki, 1024 * Gi);
    private readonly Option<ByteSize> _pausePending = Size("--pause-pending", "Bytes waiting for a client from which its publishers are slowed down", Defaults.PausePendingBytes, 1, 1024 * Gi);
    private readonly Option<Duration> _publisherPause = Time("--max-publisher-pause", "Longest pause of a publisher at a time for a lagging subscriber", Defaults.MaxPublisherPause);
    private readonly Option<ByteSize> _maxControlLine = Size("--max-control-line", "Longest protocol line", Defaults.MaxControlLineBytes, 128, Limits.LargestControlLineBytes);
    private readonly Option<ByteSize> _maxTraced = Size("--max-traced-msg-len", "Bytes of a payload that --log-protocol shows; 0 for the most, which is 64KiB", 0, 0, int.MaxValue);
    private readonly Option<Count> _maxConnections = Number("--max-connections", "Most clients at a time", Defaults.MaxConnections, 1, 10_000_000);
    private readonly Option<Count> _maxSubscriptions = Number("--max-subscriptions", "Most subscriptions of a client; 0 for as many as memory holds", 0, 0, int.MaxValue);
    private readonly Option<Duration> _pingInterval = Time("--ping-interval", "Quiet time after which a client is asked for life", Defaults.PingInterval);
    private readonly Option<Count> _maxPingsOut = Number("--max-pings-out", "PINGs that may stay unanswered", Defaults.MaxPingsOut, 1, 1000);
    private readonly Option<Duration> _writeStall = Time("--write-stall-timeout", "Longest time without progress in sending to a client", Defaults.WriteStallTimeout);
    private readonly Option<Duration> _lameDuckDuration = Time("--lame-duck-duration", "Time over which lame-duck mode (SIGUSR2) closes clients", Defaults.LameDuckDuration);
    private readonly Option<Duration> _lameDuckGrace = Time("--lame-duck-grace", "Time in lame-duck mode before the first client is closed", Defaults.LameDuckGrace);
    private readonly Option<Duration> _drainTimeout = Time("--drain-timeout", "Longest time that a drain (SIGTERM, SIGINT) may take", Defaults.DrainTimeout);
    private readonly Option<string> _pidFile = Text("--pid-file", "File that the process number is written to", "", _ => null);
    private readonly Option<string> _portsFolder = Text("--ports-file-dir", "Folder for a file that says where the node listens, NAME_PID.ports", "", _ => null);
    private readonly LogOptions _log = new();
    private readonly RegionOptions _regions = new();
    private readonly AccessOptions _access = new();
    private readonly AlarmOptions _alarms = new();
    private readonly LeafNodeOptions _leafs = new();
    private readonly TlsServeOptions _tls = new();
    private readonly WebSocketServeOptions _webSockets = new();
    private readonly TelemetryOptions _telemetry = new();

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[
            _listen, _http, _name, _advertise, _loops, _memoryLimit, _maxPayload, _maxPending, _pausePending, _publisherPause,
            _maxControlLine, _maxTraced, _maxConnections, _maxSubscriptions, _pingInterval, _maxPingsOut, _writeStall, _lameDuckDuration,
            _lameDuckGrace, _drainTimeout, _pidFile, _portsFolder])
        {
            command.Options.Add(option);
        }

        _log.AddTo(command);
        _regions.AddTo(command);
        _access.AddTo(command);
        _tls.AddTo(command);
        _webSockets.AddTo(command);
        _alarms.AddTo(command);
        _leafs.AddTo(command);
        _telemetry.AddTo(command);
    }

    /// <summary>The node's settings, or the faults that options have with each other, a line each.</summary>
    public (BusOptions Node, IReadOnlyList<string> Faults) Read(ParseResult result, AccessSettings access, LeafOptions? leafs = null)
    {
        Duration lameDuck = result.GetValue(_lameDuckDuration);
        Duration grace = result.GetValue(_lameDuckGrace);
        ByteSize pending = result.GetValue(_maxPending);
        ByteSize pause = result.GetValue(_pausePending);
        Limits limits = new()
        {
            MaxPayloadBytes = (int)result.GetValue(_maxPayload).Bytes,
            MaxPendingBytes = pending.Bytes,
            PausePendingBytes = IsDefault(result, _pausePending) ? Math.Min(pause.Bytes, pending.Bytes / 2) : pause.Bytes,
            MaxPublisherPause = result.GetValue(_publisherPause).Time,
            MaxControlLineBytes = (int)result.GetValue(_maxControlLine).Bytes,
            MaxTracedPayloadBytes = result.GetValue(_maxTraced).Bytes is > 0 and < Limits.LargestTracedPayloadBytes and long traced ? (int)traced : Limits.LargestTracedPayloadBytes,
            MaxConnections = (int)result.GetValue(_maxConnections).Value,
            MaxSubscriptions = (int)result.GetValue(_maxSubscriptions).Value,
            PingInterval = result.GetValue(_pingInterval).Time,
            MaxPingsOut = (int)result.GetValue(_maxPingsOut).Value,
            WriteStallTimeout = result.GetValue(_writeStall).Time,
            LameDuckDuration = lameDuck.Time,
            LameDuckGrace = IsDefault(result, _lameDuckGrace) && grace.Time > lameDuck.Time ? lameDuck.Time : grace.Time,
            DrainTimeout = result.GetValue(_drainTimeout).Time,
        };
        BusOptions node = new()
        {
            Listen = result.GetValue(_listen)!,
            Name = result.GetValue(_name)!,
            ClientAdvertise = result.GetValue(_advertise)!,
            Loops = (int)result.GetValue(_loops).Value,
            MemoryLimitBytes = result.GetValue(_memoryLimit).Bytes,
            Limits = limits,
        };
        List<string> faults = [.. limits.Validate()];
        LinkOptions? links = _regions.Read(result, faults);
        // A node of which nobody can ask how it is, and that reports to nobody, need not look.
        bool watches = links is not null || Http(result) is not null;
        node = node with
        {
            Links = links,
            Leafs = _leafs.Read(result, leafs, faults),
            Access = _access.Read(result, access, faults),
            Tls = _tls.Read(result, faults),
            WebSocket = _webSockets.Read(result, faults),
            Health = watches ? new HealthOptions() : null,
            ServesSystemTenant = true,
            MaxTracedMessagesPerSecond = _telemetry.MaxTracedMessagesPerSecond(result),
            Transcript = _log.Transcript(result),
            AlarmLimits = _alarms.Read(result, faults),
            Alerting = _alarms.ReadAlerting(result, faults),
            AlarmPageUrl = Http(result) is { Port: > 0 } http && !http.Address.Equals(IPAddress.Any) ? $"http://{http}/alarmz" : "",
        };
        _ = _telemetry.Collector(result, faults);
        return (node with { Access = node.Access with { MapsCertificates = node.Tls is { VerifyAndMap: true } } }, faults);
    }

    /// <summary>Begins to export what <paramref name="node"/> measures, if that is asked for.</summary>
    public IDisposable? Export(ParseResult result, BusNode node, ILogger log) => _telemetry.Export(result, node, log);

    /// <summary>Where monitoring listens; null if it is off.</summary>
    public IPEndPoint? Http(ParseResult result) =>
        ListenAddress.TryParse(result.GetValue(_http)!, out IPEndPoint address) ? address : null;

    public LogSettings Log(ParseResult result) => _log.Read(result);

    /// <summary>The file for the process number; empty for none.</summary>
    public string PidFile(ParseResult result) => result.GetValue(_pidFile)!;

    /// <summary>The folder for the file that says where the node listens; empty for none.</summary>
    public string PortsFolder(ParseResult result) => result.GetValue(_portsFolder)!;

    private static bool IsDefault<T>(ParseResult result, Option<T> option) =>
        result.GetResult(option) is null or { Implicit: true } && Environment.GetEnvironmentVariable(Variable(option.Name)) is null;

    internal static string Variable(string option) => "CAUSEWAY_" + option[2..].Replace('-', '_').ToUpperInvariant();

    internal static Option<Count> Number(string name, string description, long fallback, long least, long most) =>
        ValueOption.Create(name, description, new ValueRange<Count>(new Count(least), new Count(most)), new Count(fallback), Variable(name));

    internal static Option<ByteSize> Size(string name, string description, long fallback, long least, long most) =>
        ValueOption.Create(name, description, new ValueRange<ByteSize>(new ByteSize(least), new ByteSize(most)), new ByteSize(fallback), Variable(name));

    internal static Option<Duration> Time(string name, string description, TimeSpan fallback) =>
        ValueOption.Create(
            name,
            description,
            new ValueRange<Duration>(new Duration(TimeSpan.Zero), new Duration(TimeSpan.FromDays(1))),
            new Duration(fallback),
            Variable(name));

    internal static Option<IPEndPoint> Address(string name, string description, IPEndPoint fallback) =>
        new(name)
        {
            Description = $"{description} [env: {Variable(name)}]",
            HelpName = "host:port",
            CustomParser = result => ReadAddress(result, name, result.Tokens[^1].Value),
            DefaultValueFactory = result =>
                Environment.GetEnvironmentVariable(Variable(name)) is { Length: > 0 } text ? ReadAddress(result, Variable(name), text) : fallback,
        };

    internal static Option<string> Text(string name, string description, string fallback, Func<string, string?> check) =>
        Text(name, description, fallback, check, ShownWord.Of);

    /// <summary>An option whose value is a URL: errors show no more of it than scheme, host and port.</summary>
    internal static Option<string> Url(string name, string description, string fallback, Func<string, string?> check) =>
        Text(name, description, fallback, check, UrlSecrets.Hide);

    private static Option<string> Text(string name, string description, string fallback, Func<string, string?> check, Func<string, string> show) =>
        new(name)
        {
            Description = $"{description} [env: {Variable(name)}]",
            HelpName = "text",
            CustomParser = result => ReadText(result, name, result.Tokens[^1].Value, check, show),
            DefaultValueFactory = result =>
                Environment.GetEnvironmentVariable(Variable(name)) is { Length: > 0 } text ? ReadText(result, Variable(name), text, check, show) : fallback,
        };

    private static string ReadText(ArgumentResult result, string source, string text, Func<string, string?> check, Func<string, string> show)
    {
        if (check(text) is { } accepted)
        {
            result.AddError($"{source}: '{show(text)}' can't be read; {accepted}");
        }

        return text;
    }

    private static IPEndPoint ReadAddress(ArgumentResult result, string source, string text)
    {
        if (!ListenAddress.TryParse(text, out IPEndPoint address))
        {
            result.AddError($"{source}: '{ShownWord.Of(text)}' is no address; {ListenAddress.Accepted}");
        }

        return address;
    }

    internal static string? CheckHttp(string text) =>
        text == "off" || ListenAddress.TryParse(text, out _) ? null : ListenAddress.Accepted + ", or off";

    internal static string? CheckName(string text) =>
        text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) ? "accepted is a name without white space" : null;

    internal static string? CheckAdvertise(string text)
    {
        int colon = text.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), out ushort port) && port > 0 ? null : "accepted is host:port";
    }
}
