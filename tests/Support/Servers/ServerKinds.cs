using Xunit;

namespace Causeway.Tests.Support.Servers;

/// <summary>
/// The servers that tests run against, as a data source: <c>[MemberData(nameof(ServerKinds.All), MemberType = typeof(ServerKinds))]</c>.
/// The environment variable CAUSEWAY_CLI_SERVERS limits them, for example to <c>nats-server</c>.
/// </summary>
public static class ServerKinds
{
    public const string Nats = "nats-server";
    public const string Causeway = "causeway";

    private static readonly string[] Known = [Nats, Causeway];

    public static TheoryData<string> All { get; } = [.. Chosen()];

    private static string[] Chosen()
    {
        string? limit = Environment.GetEnvironmentVariable("CAUSEWAY_CLI_SERVERS");
        if (string.IsNullOrEmpty(limit))
        {
            return Known;
        }

        string[] chosen = limit.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return chosen.Except(Known).FirstOrDefault() is { } unknown
            ? throw new InvalidOperationException($"CAUSEWAY_CLI_SERVERS: '{unknown}' is no server; accepted are {string.Join(", ", Known)}, separated by commas")
            : chosen;
    }
}
