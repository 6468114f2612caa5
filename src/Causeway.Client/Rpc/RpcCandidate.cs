namespace Causeway.Client.Rpc;

/// <summary>A server that a call could go to, as the server knows it that chooses.</summary>
/// <param name="Address">Its <see cref="RpcServer.Address"/>.</param>
/// <param name="Labels">What it says of itself in <see cref="RpcHost.Labels"/>.</param>
/// <param name="Load">Share of its handlers at work, as it last said, with what was passed on to it since; 1 and more where all are.</param>
/// <param name="IsSelf">Whether it is the one that chooses.</param>
public readonly record struct RpcCandidate(string Address, string Labels, double Load, bool IsSelf);
