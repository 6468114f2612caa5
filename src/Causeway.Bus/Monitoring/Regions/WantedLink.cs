namespace Causeway.Bus.Monitoring.Regions;

/// <summary>An address that this node dials because a link is wanted that is not up.</summary>
/// <param name="IsWan">True for a link to another region, of which one address has to answer.</param>
/// <param name="Region">The region that is expected there.</param>
/// <param name="Address">The address.</param>
/// <param name="Node">The node that is expected there, where it is known.</param>
/// <param name="LastFailure">Why there was no link when it was last tried; null before the first try ended.</param>
internal sealed record WantedLink(bool IsWan, string Region, string Address, string? Node, string? LastFailure)
{
    /// <summary>True if the node that was there has said that it goes away: its address is dialled, as it may come back, and nothing is wrong.</summary>
    public bool HasLeft { get; init; }
}
