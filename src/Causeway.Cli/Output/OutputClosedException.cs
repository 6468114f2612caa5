namespace Causeway.Cli.Output;

/// <summary>Nobody reads the output any more, as in <c>causeway sub a | head -1</c>: time to end, without a word.</summary>
internal sealed class OutputClosedException : Exception;
