using System.Text.Json;
using Causeway.Bus.Nodes;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary>What all pages about regions begin with: whose page it is. The region is null on a node by itself.</summary>
internal static class MeshHead
{
    public static void Write(Utf8JsonWriter json, BusNode node, MeshSnapshot? mesh)
    {
        json.WriteString("server_id", node.Info.ServerId);
        json.WriteString("now", DateTime.UtcNow);
        json.WriteString("node", node.Info.ServerName);
        json.WriteString("region", mesh?.Self.Region);
        json.WriteString("link_address", mesh?.Self.LinkAddress);
    }
}
