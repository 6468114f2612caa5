using Causeway.Client;
using Causeway.Drill.Deployments;

namespace Causeway.Drill.Load.Clients;

/// <summary>Where clients of a region connect: to its nodes, and to those of the other regions in turn where it can't be reached. Thread-safe.</summary>
internal sealed class ClientHomes(IDeployment deployment)
{
    private static readonly TimeSpan AtHome = TimeSpan.FromMilliseconds(1);

    /// <summary>The region of the node at an address; empty if none has it.</summary>
    public string RegionOf(ServerAddress address)
    {
        string text = $"{address.Host}:{address.Port}";
        return deployment.Nodes.FirstOrDefault(node => node.ClientAddress == text)?.Region ?? "";
    }

    /// <summary>
    /// How a client of <paramref name="region"/> follows the director; null where there is none. Everything is equally near on one
    /// machine, so it says itself where it is at home.
    /// </summary>
    public FollowOptions? Director(string region, string client) => deployment.DirectorUrl is not { } director ? null : new FollowOptions
    {
        Directors = [director],
        ClientId = client,
        RoundTrips = deployment.Regions.ToDictionary(other => other, other => other == region ? AtHome : WanLatency.RoundTrip(region, other)),
    };

    /// <summary>The addresses to try, at random within a region, for the <paramref name="round"/>th time.</summary>
    public IReadOnlyList<ServerAddress> Addresses(string region, int round, Random random)
    {
        int home = deployment.Regions.ToList().IndexOf(region);
        string wanted = deployment.Regions[(home + round) % deployment.Regions.Count];
        ServerAddress[] addresses = [.. deployment.Nodes.Where(node => node.Region == wanted).Select(node => ServerAddress.Parse(node.ClientAddress))];
        random.Shuffle(addresses);
        return addresses;
    }
}
