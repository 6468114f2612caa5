using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using Causeway.Cli.Connections;
using Causeway.Cli.Execution;
using Causeway.Cli.Parsing;
using Causeway.Client;

namespace Causeway.Cli.Bench;

/// <summary>The options of the bench commands. Each command adds those it obeys, so none is accepted and then ignored.</summary>
internal sealed class BenchOptions
{
    private const int PublishersMax = 1024;
    private const int ConnectionsMax = 65_000;
    private const int InFlightMax = 100_000;
    private const int SubscriptionsMax = 10_000_000;
    private const int SizeBytesMax = 64 << 20;
    private const int SubjectLengthMax = 1000;
    private const int TokensMax = 100;
    private const int WindowMax = 100_000_000;
    private const int RatePerSecondMax = 10_000_000;

    private static readonly TimeSpan DefaultDuration = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    public Option<ServerAddress[]> Server { get; } = OneServer();

    public Option<ServerAddress?> SubscribeServer { get; } = new("--subscribe-server")
    {
        Description = "Where subscribers or responders connect, if elsewhere: another node of the same cluster",
        HelpName = "url",
        CustomParser = ReadServer,
    };

    public Option<Count?> Window { get; } = ValueOption.Optional(
        "--window", "Deliveries under way at most, over all subscribers; without it, as many as the server takes", Range(1, WindowMax));

    public Option<Duration> Timeout { get; } = Time("--timeout", "Give up and fail after this time, all included", 60, Shortest);

    public Option<bool> Json { get; } = new("--json") { Description = "Print one JSON object (its fields: docs/bench.md)" };

    public Option<Count?> SecondPid { get; } =
        ValueOption.Optional("--second-pid", "Add CPU time and memory of this process, of a second node that takes part", Range(1, int.MaxValue));

    public Option<Count?> Pid { get; } = ValueOption.Optional("--pid", "Also measure CPU time and memory of this process, the server's", Range(1, int.MaxValue));

    public Option<string> Subject { get; } = new("--subject") { Description = "What to publish to", HelpName = "subject", DefaultValueFactory = _ => "bench" };

    public Option<ByteSize> Size { get; } =
        ValueOption.Create("--size", "Payload of a message", new ValueRange<ByteSize>(new ByteSize(0), new ByteSize(SizeBytesMax)), new ByteSize(128));

    public Option<Count?> Messages { get; } = ValueOption.Optional("--messages", "How many to publish or request in all", Range(1, long.MaxValue));

    public Option<Duration?> Duration { get; } =
        ValueOption.Optional("--duration", $"How long to publish or request; {DefaultDuration.TotalSeconds:0}s if neither this nor --messages is given", new ValueRange<Duration>(new Duration(Shortest), new Duration(Longest)));

    public Option<Duration> Warmup { get; } = Time("--warmup", "The same load for this time before the measured window", 1, TimeSpan.Zero);

    public Option<bool> Verify { get; } = new("--verify") { Description = "Number the messages and check that each subscriber gets all in order (slower)" };

    public Option<Count> Publishers { get; } = Number("--publishers", "Publishers, each on its own connection", 1, PublishersMax);

    public Option<Count> Subscribers { get; } = Number("--subscribers", "Subscribers, each on its own connection", 1, ConnectionsMax);

    public Option<Count> FanOut { get; } = Number("--subscribers", "Subscribers, each on its own connection", 100, ConnectionsMax);

    public Option<Count> Subjects { get; } = Number("--subjects", "Subjects; publisher and subscriber i use subject i modulo this", 1, ConnectionsMax);

    public Option<Count> Clients { get; } = Number("--clients", "Requesters, each on its own connection", 1, ConnectionsMax);

    public Option<Count> InFlight { get; } = Number("--inflight", "Requests in flight per requester", 1, InFlightMax);

    public Option<Count> Responders { get; } = Number("--responders", "Responders, each on its own connection; more than one form a queue group", 1, ConnectionsMax);

    public Option<Rate?> Rate { get; } = ValueOption.Optional(
        "--rate", "Requests a second in all; latency then counts from when a request was due", new ValueRange<Rate>(new Rate(0.1), new Rate(RatePerSecondMax)));

    public Option<Count> SubscriptionCount { get; } = Number("--count", "Subscriptions", 200_000, SubscriptionsMax);

    public Option<Count> Length { get; } = Number("--length", "Characters of each subject", 60, SubjectLengthMax);

    public Option<Count> Tokens { get; } = Number("--tokens", "Tokens of each subject", 4, TokensMax);

    public Option<Count> ConnectionCount { get; } = Number("--count", "Connections", 10_000, ConnectionsMax);

    public Option<Duration> Settle { get; } = Time("--settle", "How long to hold still before memory is read", 3, TimeSpan.Zero);

    /// <summary>The limit of a phase: the default where neither time nor number is given.</summary>
    public TimeSpan? DurationOf(ParseResult parsed) =>
        parsed.GetValue(Duration)?.Time ?? (parsed.GetValue(Messages) is null ? DefaultDuration : null);

    /// <summary>The one server to load: several would not tell which of them a figure belongs to.</summary>
    public ServerAddress ServerOf(ParseResult parsed)
    {
        ServerAddress[] servers = parsed.GetValue(Server)!;
        return servers.Length != 1 ? throw new BenchException(ExitCode.Usage, "--server: one server is measured at a time")
            : servers[0].Scheme != ServerScheme.Nats ? throw new BenchException(ExitCode.Usage, $"--server: '{servers[0]}' is not measured; accepted is nats://host:port")
            : servers[0];
    }

    /// <summary>The processes whose use is measured.</summary>
    public IReadOnlyList<int> PidsOf(ParseResult parsed) =>
        [.. new[] { parsed.GetValue(Pid), parsed.GetValue(SecondPid) }.OfType<Count>().Select(pid => (int)pid.Value)];

    /// <summary>The subject, which must be one that can stand in a PUB line and be subscribed to as it is.</summary>
    public string SubjectOf(ParseResult parsed)
    {
        string subject = parsed.GetValue(Subject)!;
        bool printable = subject.All(c => c is > ' ' and < (char)127);
        return printable && Core.Subjects.Subject.IsLiteral(Encoding.ASCII.GetBytes(subject))
            ? subject
            : throw new BenchException(ExitCode.Usage, $"--subject '{subject}' is not a subject that messages can be published to");
    }

    private static Option<ServerAddress[]> OneServer()
    {
        Option<ServerAddress[]> option = ServerOption.Create();
        option.Description = "The server to measure [env: CAUSEWAY_SERVER, then NATS_URL]";
        return option;
    }

    private static ServerAddress? ReadServer(ArgumentResult result)
    {
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (ServerAddress.TryParse(text, out ServerAddress? address, out string? problem))
        {
            if (address.Scheme == ServerScheme.Nats)
            {
                return address;
            }

            problem = "is not measured";
        }

        result.AddError($"--subscribe-server: '{UrlSecrets.Hide(text)}' {problem}; accepted is nats://host:port");
        return null;
    }

    private static ValueRange<Count> Range(long min, long max) => new(new Count(min), new Count(max));

    private static Option<Count> Number(string name, string description, int fallback, int max) =>
        ValueOption.Create(name, description, Range(1, max), new Count(fallback));

    private static Option<Duration> Time(string name, string description, double seconds, TimeSpan min) =>
        ValueOption.Create(name, description, new ValueRange<Duration>(new Duration(min), new Duration(Longest)), Parsing.Duration.FromSeconds(seconds));
}
