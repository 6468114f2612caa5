using Causeway.Core.Links;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary>A node of the own region.</summary>
/// <param name="Card">What it says of itself.</param>
/// <param name="State"><c>self</c>, a link's state, or <c>down</c>.</param>
/// <param name="LastFailure">Why there was no link when it was last tried, for one that is down.</param>
internal sealed record MemberRow(NodeCard Card, string State, string? LastFailure)
{
    public const string Self = "self";
    public const string Down = "down";
}
