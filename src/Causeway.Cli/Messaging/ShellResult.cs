using System.Globalization;
using Causeway.Client;

namespace Causeway.Cli.Messaging;

/// <summary>What a shell command gave for one request.</summary>
/// <param name="Output">What it printed; empty where it failed.</param>
/// <param name="Error">Why it failed; null where it did not.</param>
/// <param name="Code">Its exit code; -1 where it has none.</param>
internal sealed record ShellResult(ReadOnlyMemory<byte> Output, string? Error, int Code)
{
    public static ShellResult Failed(string error, int code = -1) => new(ReadOnlyMemory<byte>.Empty, error, code);

    /// <summary>The headers by which services of the protocol tell that they failed.</summary>
    public MessageHeaders ErrorHeaders() => new()
    {
        { "Nats-Service-Error", (Error ?? string.Empty).ReplaceLineEndings(" ") },
        { "Nats-Service-Error-Code", Code.ToString(CultureInfo.InvariantCulture) },
    };
}
