namespace Causeway.Core.Links;

/// <summary>What a node says of itself to others.</summary>
/// <param name="Id">A number chosen anew by each process.</param>
/// <param name="Name">The node's name, unique in its region.</param>
/// <param name="Region">The region.</param>
/// <param name="LinkAddress">Where other nodes dial it, <c>host:port</c>.</param>
/// <param name="ClientUrl">Where clients connect, <c>host:port</c>.</param>
/// <param name="WebSocketUrl">Where clients connect over WebSockets, <c>host:port</c>; empty if they don't.</param>
public sealed record NodeCard(ulong Id, string Name, string Region, string LinkAddress, string ClientUrl, string WebSocketUrl = "")
{
    /// <summary>Longest name, region or address in bytes.</summary>
    public const int MaxTextBytes = 200;

    /// <summary>Reads a card.</summary>
    public static NodeCard Read(ref FrameReader reader) => new(reader.UInt64(), reader.Text(), reader.Text(), reader.Text(), reader.Text(), reader.Text());

    /// <summary>Writes the card.</summary>
    public void Write(ref FrameWriter writer)
    {
        writer.UInt64(Id);
        writer.Text(Name);
        writer.Text(Region);
        writer.Text(LinkAddress);
        writer.Text(ClientUrl);
        writer.Text(WebSocketUrl);
    }
}
