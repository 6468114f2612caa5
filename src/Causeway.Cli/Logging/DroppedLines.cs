namespace Causeway.Cli.Logging;

/// <summary>Log lines that were dropped as there was no room for them. Immutable.</summary>
/// <param name="Trace">Lines of the protocol's trace.</param>
/// <param name="Others">All others.</param>
internal readonly record struct DroppedLines(long Trace, long Others)
{
    /// <summary>With one more.</summary>
    public DroppedLines WithOne(bool isTrace) => isTrace ? this with { Trace = Trace + 1 } : this with { Others = Others + 1 };
}
