using System.Globalization;

namespace Causeway.Compare;

/// <summary>A server that can be compared: its name and how it is started, at its defaults, on a port of its own.</summary>
internal sealed record ServerKind(string Name, Func<int, IReadOnlyList<string>> Command, IReadOnlyDictionary<string, string> Environment)
{
    public const string NatsServerName = "nats-server";
    public const string CausewayName = "causeway";

    public static ServerKind NatsServer { get; } =
        new(NatsServerName, port => ["nats-server", "-a", "127.0.0.1", "-p", Text(port)], new Dictionary<string, string>());

    /// <summary>Causeway, of <paramref name="program"/>: an assembly, which the runtime runs, or a file that runs by itself.</summary>
    public static ServerKind Causeway(string program, IReadOnlyDictionary<string, string> environment) => new(
        CausewayName,
        port => [.. program.EndsWith(".dll", StringComparison.Ordinal) ? (string[])["dotnet", program] : [program], "serve", "--listen", $"127.0.0.1:{Text(port)}", "--http", "off"],
        environment);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
