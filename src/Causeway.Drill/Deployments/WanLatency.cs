using Causeway.Shaper;

namespace Causeway.Drill.Deployments;

/// <summary>
/// Round trips between regions as the public internet has them, rounded: 60 ms across the United States, 200 ms to Sydney. For
/// deployments on one machine, whose links would else take none.
/// </summary>
public static class WanLatency
{
    private const int UnknownMilliseconds = 100;

    /// <summary>Regions with known round trips, in the order in which they are taken where only a number is given.</summary>
    public static readonly IReadOnlyList<string> Regions = ["us-east-1", "us-west-1", "ap-southeast-2", "eu-west-1", "ap-northeast-1", "sa-east-1"];

    private static readonly int[][] Milliseconds =
    [
        [0, 60, 200, 70, 150, 115],
        [60, 0, 140, 130, 110, 175],
        [200, 140, 0, 255, 110, 310],
        [70, 130, 255, 0, 200, 180],
        [150, 110, 110, 200, 0, 255],
        [115, 175, 310, 180, 255, 0],
    ];

    /// <summary>The round trip between two regions; 100 ms if one of them is not known.</summary>
    public static TimeSpan RoundTrip(string one, string other)
    {
        int[] places = [.. new[] { one, other }.Select(region => Regions.ToList().IndexOf(region))];
        return TimeSpan.FromMilliseconds(places.Contains(-1) ? UnknownMilliseconds : Milliseconds[places[0]][places[1]]);
    }

    /// <summary>The conditions of a link with that round trip, half of it each way, and a little jitter.</summary>
    public static LinkConditions Link(string near, string far) => new()
    {
        Latency = RoundTrip(near, far) / 2,
        Jitter = TimeSpan.FromMilliseconds(1),
    };
}
