using System.CommandLine;
using System.CommandLine.Parsing;

namespace Causeway.Cli.Bench;

/// <summary>The options of the bench commands. Each command adds those it obeys, so none is accepted and then ignored.</summary>
internal sealed class BenchOptions
{
    private const int MaxPublishers = 1024;
    private const int MaxConnections = 65_000;

    private delegate bool Reader<T>(string text, out T value);

    public Option<ServerAddress> Server { get; } = Parsed<ServerAddress>(
        "--server", "host:port or nats://[user:password@]host:port", ReadServer, new ServerAddress("127.0.0.1", ServerAddress.DefaultPort, null, null), "a server address", "-s");

    public Option<TimeSpan> Timeout { get; } = Duration("--timeout", "give up and fail after this time, all included", TimeSpan.FromSeconds(60), allowZero: false);

    public Option<bool> Json { get; } = new("--json") { Description = "print one JSON object (fields: docs/bench.md)" };

    public Option<int?> Pid { get; } = Optional("--pid", "also measure CPU time and memory of this process, the server's");

    public Option<string> Subject { get; } = new("--subject") { Description = "what to publish to", DefaultValueFactory = _ => "bench" };

    public Option<int> Size { get; } = Number("--size", "payload bytes of a message, such as 16 or 4KiB", 128, 0, 64 << 20, Quantities.TryBytes);

    public Option<long?> Messages { get; } = OptionalLong("--messages", "how many to publish or request in all, such as 500k");

    public Option<TimeSpan?> DurationOption { get; } = OptionalDuration("--duration", "how long to publish; 3s if neither this nor --messages is given");

    public Option<TimeSpan> Warmup { get; } = Duration("--warmup", "the same load for this time before the measured window", TimeSpan.FromSeconds(1), allowZero: true);

    public Option<bool> Verify { get; } = new("--verify") { Description = "number the messages and check that each subscriber gets all in order (slower)" };

    public Option<int> Publishers { get; } = Number("--publishers", "publishers, each on its own connection", 1, 1, MaxPublishers);

    public Option<int> Subscribers { get; } = Number("--subscribers", "subscribers, each on its own connection", 1, 1, MaxConnections);

    public Option<int> FanOut { get; } = Number("--subscribers", "subscribers, each on its own connection", 100, 1, MaxConnections);

    public Option<int> Subjects { get; } = Number("--subjects", "subjects; publisher and subscriber i use subject i modulo this", 1, 1, MaxConnections);

    public Option<int> Clients { get; } = Number("--clients", "requesters, each on its own connection", 1, 1, MaxConnections);

    public Option<int> InFlight { get; } = Number("--inflight", "requests in flight per requester", 1, 1, 100_000);

    public Option<int> Responders { get; } = Number("--responders", "responders, each on its own connection; more than one form a queue group", 1, 1, MaxConnections);

    public Option<long?> Rate { get; } = OptionalLong("--rate", "requests per second in all; latency then counts from when a request was due");

    public Option<int> SubscriptionCount { get; } = Number("--count", "subscriptions", 200_000, 1, 10_000_000);

    public Option<int> Length { get; } = Number("--length", "characters of each subject", 60, 1, 1000);

    public Option<int> Tokens { get; } = Number("--tokens", "tokens of each subject", 4, 1, 100);

    public Option<int> ConnectionCount { get; } = Number("--count", "connections", 10_000, 1, MaxConnections);

    public Option<TimeSpan> Settle { get; } = Duration("--settle", "how long to hold still before memory is read", TimeSpan.FromSeconds(3), allowZero: true);

    private static bool ReadServer(string text, out ServerAddress value)
    {
        bool valid = ServerAddress.TryParse(text, out ServerAddress? address);
        value = address!;
        return valid;
    }

    private static Option<int> Number(string name, string description, int defaultValue, int least, int most, Reader<long>? read = null)
    {
        bool Read(string text, out int value)
        {
            bool valid = (read ?? Quantities.TryCount)(text, out long number) && number >= least && number <= most;
            value = valid ? (int)number : 0;
            return valid;
        }

        return Parsed<int>(name, description, Read, defaultValue, $"a number from {least} to {most}");
    }

    private static Option<TimeSpan> Duration(string name, string description, TimeSpan defaultValue, bool allowZero)
    {
        bool Read(string text, out TimeSpan value) => Quantities.TryDuration(text, out value) && (allowZero || value > TimeSpan.Zero);

        return Parsed<TimeSpan>(name, description, Read, defaultValue, "a time such as 500ms, 3s or 2m");
    }

    private static Option<TimeSpan?> OptionalDuration(string name, string description)
    {
        static bool Read(string text, out TimeSpan? value)
        {
            bool valid = Quantities.TryDuration(text, out TimeSpan duration) && duration > TimeSpan.Zero;
            value = duration;
            return valid;
        }

        return Parsed<TimeSpan?>(name, description, Read, null, "a time such as 500ms, 3s or 2m");
    }

    private static Option<long?> OptionalLong(string name, string description)
    {
        static bool Read(string text, out long? value)
        {
            bool valid = Quantities.TryCount(text, out long number) && number > 0;
            value = number;
            return valid;
        }

        return Parsed<long?>(name, description, Read, null, "a number above 0");
    }

    private static Option<int?> Optional(string name, string description)
    {
        static bool Read(string text, out int? value)
        {
            bool valid = Quantities.TryCount(text, out long number) && number is > 0 and <= int.MaxValue;
            value = (int)number;
            return valid;
        }

        return Parsed<int?>(name, description, Read, null, "a process id");
    }

    private static Option<T> Parsed<T>(string name, string description, Reader<T> read, T defaultValue, string expected, params string[] aliases)
    {
        T Parse(ArgumentResult result)
        {
            string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (!read(text, out T value))
            {
                result.AddError($"{name} {text}: not {expected}");
            }

            return value;
        }

        Option<T> option = new(name, aliases) { Description = description, CustomParser = Parse };
        if (defaultValue is not null)
        {
            option.DefaultValueFactory = _ => defaultValue;
        }

        return option;
    }
}
