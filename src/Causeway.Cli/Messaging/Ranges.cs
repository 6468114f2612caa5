using Causeway.Cli.Parsing;

namespace Causeway.Cli.Messaging;

/// <summary>What the commands' numbers may be.</summary>
internal static class Ranges
{
    public static readonly ValueRange<Count> Count = new(new Count(1), new Count(1_000_000_000_000));

    public static readonly ValueRange<Rate> Rate = new(new Rate(0.001), new Rate(1_000_000_000));

    public static readonly ValueRange<Duration> Timeout = new(Duration.FromSeconds(0.001), Duration.FromSeconds(7 * 24 * 3600));

    public static readonly ValueRange<Count> Replies = new(new Count(0), new Count(1_000_000));

    public static readonly ValueRange<Count> Concurrency = new(new Count(1), new Count(256));
}
