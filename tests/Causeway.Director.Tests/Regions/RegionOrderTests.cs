using System.Net;
using Causeway.Director.Regions;
using Xunit;

namespace Causeway.Director.Tests.Regions;

public sealed class RegionOrderTests
{
    private static readonly GeoPoint Virginia = new(39.0, -77.5);
    private static readonly GeoPoint Sydney = new(-33.9, 151.2);
    private static readonly Geography World = new()
    {
        Places = [("us-east-1", Virginia), ("ap-southeast-2", Sydney)],
        Networks = [(IPNetwork.Parse("10.0.0.0/8"), "us-east-1"), (IPNetwork.Parse("10.9.0.0/16"), "ap-southeast-2")],
    };

    [Fact]
    public void Distance_is_that_of_the_great_circle() => Assert.InRange(Virginia.DistanceTo(Sydney), 15_600, 15_800);

    [Fact]
    public void A_measured_round_trip_counts_before_geography()
    {
        ClientPosition client = new() { Place = Virginia, RoundTrips = new Dictionary<string, double> { ["us-east-1"] = 400 } };
        Assert.Equal(400, World.Of("us-east-1", client).Milliseconds);
        Assert.InRange(World.Of("ap-southeast-2", client).Milliseconds!.Value, 200, 300);
        Assert.Null(World.Of("nowhere", client).Milliseconds);
    }

    [Fact]
    public void The_longest_prefix_of_a_network_counts()
    {
        Assert.Equal("ap-southeast-2", World.NetworkOf(IPAddress.Parse("::ffff:10.9.1.1")));
        Assert.Equal("us-east-1", World.NetworkOf(IPAddress.Parse("10.8.1.1")));
        Assert.Null(World.NetworkOf(IPAddress.Parse("192.0.2.1")));
        Assert.Equal(0, World.Of("us-east-1", new ClientPosition { Network = "us-east-1" }).Milliseconds);
    }

    [Theory]
    [InlineData("39.0,-77.5", true)]
    [InlineData("91,0", false)]
    [InlineData("0,181", false)]
    [InlineData("NaN,0", false)]
    [InlineData("1", false)]
    [InlineData("", false)]
    public void Places_are_read(string text, bool isPlace) => Assert.Equal(isPlace, GeoPoint.TryParse(text, out _));
}
