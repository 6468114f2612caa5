using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Clients;

/// <summary>The scenarios for nats.js, each a script that runs with either family of the library.</summary>
public static class NodeProgram
{
    /// <summary>The single package, up to version 2.</summary>
    public const string Legacy = "nats";

    /// <summary>The modules, since version 3.</summary>
    public const string Modules = "@nats-io/transport-node";

    /// <summary>The modules without a way of their own: over WebSockets, as browsers have them.</summary>
    public const string WebSockets = "@nats-io/nats-core";

    /// <summary>The older family's package for browsers.</summary>
    public const string LegacyWebSockets = "nats.ws";

    private static readonly string Folder = Path.Combine(RepositoryPaths.Project, "node");

    public static Launch For(string scenario, string family, params string[] urls)
    {
        string node = Programs.Find("node", [])
            ?? throw new InvalidOperationException("node is not installed; run tests/prepare (Debian: apt-get install nodejs npm).");
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", family)))
        {
            throw new InvalidOperationException($"The npm package {family} is not installed; run tests/prepare (npm ci in {Folder}).");
        }

        return new Launch(node, [Path.Combine(Folder, "scenarios", $"{scenario}.mjs"), family, .. urls]);
    }
}
