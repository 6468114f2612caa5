using Causeway.Core.Tests.Support;

namespace Causeway.Core.Tests.Protocol;

/// <summary>A stream for the parser, two places to split it at, and whether its sender does headers.</summary>
internal readonly record struct ProtocolInput(byte[] Data, int FirstSplit, int SecondSplit, bool Headers)
{
    public override string ToString() => $"{Wire.Literal(Data)}, headers {Headers}, split at {FirstSplit} and {SecondSplit}";
}
