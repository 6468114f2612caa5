namespace Causeway.Core.Links;

/// <summary>A wish to reach another node.</summary>
/// <param name="Address">Where, <c>host:port</c>.</param>
/// <param name="Region">The region that must be there.</param>
/// <param name="IsWan">True if that is another region than the own.</param>
public sealed record LinkDial(string Address, string Region, bool IsWan);
