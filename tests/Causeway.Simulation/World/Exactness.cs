using System.Text;
using Causeway.Core.Regions;
using Causeway.Core.Subjects;
using Causeway.Core.Subscriptions;

namespace Causeway.Simulation.World;

/// <summary>Compares where each node would send each subject with where it has to go.</summary>
internal static class Exactness
{
    /// <summary>What is wrong somewhere, or null if every node knows exactly what all others want.</summary>
    public static string? Fault(SimWorld world)
    {
        foreach (SimNode node in world.Nodes)
        {
            foreach (string subject in Traffic.Literals)
            {
                if (Fault(world, node, subject) is { } fault)
                {
                    return fault;
                }
            }
        }

        return null;
    }

    private static string? Fault(SimWorld world, SimNode node, string subject)
    {
        Route route = node.Batch.Routes.Find(node.Context.DefaultTenant, Encoding.UTF8.GetBytes(subject));
        string[] nodes = [.. (route.Remote?.Nodes ?? []).Select(source => source.CarrierName).Order()];
        string[] wantedNodes = [.. world.Nodes
            .Where(other => other != node && other.Place.Region == node.Place.Region && Wants(other, subject, queue: null))
            .Select(other => other.Place.Name).Order()];
        if (!nodes.SequenceEqual(wantedNodes))
        {
            return $"{node.Place.Name} sends '{subject}' to nodes [{string.Join(' ', nodes)}], wanted by [{string.Join(' ', wantedNodes)}]";
        }

        string[] regions = [.. (route.Remote?.Regions ?? []).Select(source => source.Region).Order()];
        string[] wantedRegions = [.. world.Nodes
            .Where(other => other.Place.Region != node.Place.Region && Wants(other, subject, queue: null))
            .Select(other => other.Place.Region).Distinct().Order()];
        return regions.SequenceEqual(wantedRegions) ? GroupFault(world, node, subject, route)
            : $"{node.Place.Name} sends '{subject}' to regions [{string.Join(' ', regions)}], wanted by [{string.Join(' ', wantedRegions)}]";
    }

    private static string? GroupFault(SimWorld world, SimNode node, string subject, Route route)
    {
        Dictionary<string, string> known = [];
        foreach (RemoteGroup group in route.Remote is { } remote ? remote.Groups : default)
        {
            known[group.Name!.ToString()] = string.Join(' ', group.Nodes.Select(source => source.CarrierName).Concat(group.Regions.Select(source => source.Region)).Order());
        }

        foreach (string queue in new[] { "red", "blue" })
        {
            string wanted = string.Join(' ', world.Nodes
                .Where(other => other != node && Wants(other, subject, queue))
                .Select(other => other.Place.Region == node.Place.Region ? other.Place.Name : other.Place.Region).Distinct().Order());
            if (known.GetValueOrDefault(queue, "") != wanted)
            {
                return $"{node.Place.Name} knows members of {queue} for '{subject}' at [{known.GetValueOrDefault(queue)}], they are at [{wanted}]";
            }
        }

        return null;
    }

    private static bool Wants(SimNode node, string subject, string? queue) => node.Clients.Any(client => !client.IsOver
        && client.Subscriptions.Values.Any(subscription => subscription.Queue == (queue ?? "")
            && Subject.Matches(Encoding.UTF8.GetBytes(subscription.Subject), Encoding.UTF8.GetBytes(subject))));
}
