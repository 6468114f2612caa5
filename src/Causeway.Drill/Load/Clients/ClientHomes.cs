using Causeway.Client;
using Causeway.Drill.Deployments;

namespace Causeway.Drill.Load.Clients;

/// <summary>Where clients of a region connect: to its nodes, and to those of the other regions in turn where it can't be reached. Thread-safe.</summary>
internal sealed class ClientHomes(IDeployment deployment)
{
    /// <summary>The region of the node at an address; empty if none has it.</summary>
    public string RegionOf(ServerAddress address)
    {
        string text = $"{address.Host}:{address.Port}";
        return deployment.Nodes.FirstOrDefault(node => node.ClientAddress == text)?.Region ?? "";
    }

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
