using Causeway.Core.Links;

namespace Causeway.Core.Regions;

/// <summary>What a <see cref="Mesh"/> needs of the world. Called on the mesh's own thread.</summary>
public interface IMeshHost
{
    /// <summary>
    /// Connects to a node and begins a <see cref="ControlLane"/> on the connection, or tells <see cref="Mesh.OnDialFailed"/>.
    /// </summary>
    void Dial(LinkDial dial);

    /// <summary>Opens the data lane of <paramref name="link"/>, by <see cref="Mesh.BeginData"/>, or closes the link if that fails.</summary>
    void DialData(Link link);

    /// <summary>Random bytes that nobody can foresee.</summary>
    byte[] RandomBytes(int count);

    /// <summary>A link came up.</summary>
    void OnLinkUp(Link link);

    /// <summary>A link went down.</summary>
    void OnLinkDown(Link link, string reason);

    /// <summary>A node could not be reached, or refused, or was refused.</summary>
    void OnLinkFailed(string address, string reason);

    /// <summary>Where clients can connect in the region, and where over WebSockets, may have changed. Each list begins with the node itself.</summary>
    void OnClientUrlsChanged(IReadOnlyList<string> urls, IReadOnlyList<string> webSocketUrls);

    /// <summary>Who holds the link to a region changed.</summary>
    void OnOwnerChanged(string region, string owner);
}
