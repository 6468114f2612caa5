using Causeway.Shaper;

namespace Causeway.Drill.Deployments;

/// <summary>What a deployment is to be. Immutable.</summary>
public sealed record DeploymentSettings
{
    /// <summary>Most nodes that a deployment on one machine may come to have.</summary>
    public const int MaxNodes = 64;

    /// <summary>The regions' names: letters, digits, <c>-</c> and <c>_</c>.</summary>
    public required IReadOnlyList<string> Regions { get; init; }

    /// <summary>Nodes in each region at the start.</summary>
    public int NodesPerRegion { get; init; } = 2;

    /// <summary>
    /// Resident memory in bytes at which a node's process is killed, as the kernel does in a container of that limit; null for no limit.
    /// It holds for both buses. A Causeway node's budget follows from it (<see cref="NodeMemory"/>).
    /// </summary>
    public long? MemoryLimitBytes { get; init; }

    /// <summary>The most that <see cref="IDeployment.SetMemoryLimitAsync"/> will be asked for, in bytes; null for <see cref="MemoryLimitBytes"/>.</summary>
    public long? HighestMemoryLimitBytes { get; init; }

    /// <summary>The conditions of the link by which one region reaches another; null for links that only pass bytes on.</summary>
    public Func<string, string, LinkConditions>? Links { get; init; }

    /// <summary>Where logs, configuration and keys go; kept. Null for a temporary folder that goes away with the deployment.</summary>
    public string? RunFolder { get; init; }

    /// <summary>The program <c>causeway</c>, as an executable or a <c>.dll</c>; null for the one that runs.</summary>
    public string? Program { get; init; }

    /// <summary>True for a director beside the nodes; only Causeway has one.</summary>
    public bool HasDirector { get; init; }

    /// <summary>Arguments that every <c>causeway serve</c> gets besides those of its place.</summary>
    public IReadOnlyList<string> ServeArguments { get; init; } = [];

    /// <summary>The first of the ports to take, one after the other; 0 for any free ones.</summary>
    public int BasePort { get; init; }

    /// <summary>How long the nodes may take to start and find each other.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Checks what can be checked before anything starts.</summary>
    /// <exception cref="ArgumentException">Something can't be; the message is for the user.</exception>
    internal void Check()
    {
        if (Regions.Count == 0 || Regions.Distinct().Count() != Regions.Count || Regions.Any(name => !IsName(name)))
        {
            throw new ArgumentException($"regions '{string.Join(',', Regions)}' can't be; accepted are different names of up to 64 letters, digits, - and _");
        }

        if (NodesPerRegion < 1 || Regions.Count * NodesPerRegion > MaxNodes)
        {
            throw new ArgumentException($"{NodesPerRegion} nodes in each of {Regions.Count} regions can't be; accepted is at least 1 in each and at most {MaxNodes} in all");
        }
    }

    private static bool IsName(string name) => name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
