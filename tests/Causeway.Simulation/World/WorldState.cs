using System.Text;
using Causeway.Core.Links;
using Causeway.Core.Regions;

namespace Causeway.Simulation.World;

/// <summary>A world in words, for a run that failed.</summary>
internal static class WorldState
{
    public static string Of(SimWorld world)
    {
        StringBuilder text = new();
        foreach (SimNode node in world.Nodes)
        {
            text.AppendLine($"{node.Place.Name} {node.Mesh.Self.Id:x16}: own {node.Own.Public.Literals}+{node.Own.Public.Texts}, region {node.Own.Region.Literals}+{node.Own.Region.Texts}, region e {node.Own.Region.Epoch:x}");
            text.AppendLine($"  knows {string.Join(' ', node.Mesh.Members.Members.Select(card => card.LinkAddress))}; {string.Join("; ", node.Mesh.Regions.Select(region => $"{region} of {node.Mesh.NameOf(node.Mesh.OwnerOf(region))}: {string.Join(' ', node.Mesh.Members.Contacts(region).Select(card => card.LinkAddress))}"))}");
            foreach (Link link in node.Mesh.Links)
            {
                text.AppendLine($"  {(link.IsWan ? "wan" : "lan")} {(link.IsOutgoing ? "to" : "from")} {link.Peer.Name} data {(link.Data is null ? "missing" : "up")}");
                foreach (ExportStream export in link.Session.Exports)
                {
                    text.AppendLine($"    tells {export.Kind} {export.Region}: converged {export.Sender.IsConverged} lag {export.Sender.LagEntries} cursor {export.Sender.Cursor} unacked {export.Sender.UnackedBytes} full {export.Sender.IsInFullRound}");
                }

                foreach (ImportStream import in link.Session.Imports)
                {
                    text.AppendLine($"    hears {import.Table.Kind} {import.Source.Region}: {import.Table.Table.Literals}+{import.Table.Table.Texts} version {import.Table.Receiver.Version} of {import.Table.Receiver.Epoch:x}");
                }
            }

            foreach (InterestSource source in node.Mesh.Interest.Sources)
            {
                text.AppendLine($"  source {source.Region}/{source.CarrierName} routed {source.IsRouted} reachable {source.IsReachable} known {source.IsKnown} link {source.Link is not null} texts {source.Texts} tables {string.Join(' ', source.Tables.Select(table => $"{table.Kind}:{table.Table.Literals}+{table.Table.Texts}"))}");
            }
        }

        return text.ToString();
    }
}
