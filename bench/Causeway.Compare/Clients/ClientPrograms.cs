using System.Text.Json;
using System.Text.RegularExpressions;

namespace Causeway.Compare.Clients;

/// <summary>Finds or makes the programs of the clients: the C program is compiled when it is first needed or has changed.</summary>
internal static partial class ClientPrograms
{
    private const string LibnatsVersionFile = "/usr/include/nats/version.h";

    private static readonly TimeSpan CompileTimeout = TimeSpan.FromSeconds(60);

    /// <param name="root">The repository.</param>
    /// <param name="names">Of <see cref="ClientProgram.Names"/>.</param>
    /// <exception cref="CompareException">A name is unknown, or what a client needs is not installed.</exception>
    public static IReadOnlyList<ClientProgram> Find(string root, IEnumerable<string> names) => [.. names.Select(name => Find(root, name))];

    private static ClientProgram Find(string root, string name) => name switch
    {
        ClientProgram.CausewayName => Causeway(),
        ClientProgram.LibnatsName => Libnats(root),
        ClientProgram.NatsJsName => NatsJs(root),
        _ => throw new CompareException($"no client is called {name}; there are {string.Join(", ", ClientProgram.Names)}"),
    };

    private static ClientProgram Causeway()
    {
        string dll = typeof(ClientPrograms).Assembly.Location;
        return new(ClientProgram.CausewayName, MachineFacts.OwnVersion(typeof(Client.BusClient).Assembly.Location), ["dotnet", dll, CausewayLoad.Name]);
    }

    private static ClientProgram Libnats(string root)
    {
        string source = Path.Combine(root, "bench/c/clients.c");
        string program = Path.Combine(root, "artifacts/bench/clients-libnats");
        if (!File.Exists(LibnatsVersionFile))
        {
            throw new CompareException("the C client's headers are missing: apt-get install libnats-dev");
        }

        if (File.GetLastWriteTimeUtc(program) < File.GetLastWriteTimeUtc(source))
        {
            Compile(source, program);
        }

        Match version = VersionDefine().Match(File.ReadAllText(LibnatsVersionFile));
        return new(ClientProgram.LibnatsName, version.Groups[1].Value, [program]);
    }

    private static void Compile(string source, string program)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(program)!);

        // To a name of its own first: another comparison may be about to start the program.
        string made = $"{program}.{Environment.ProcessId}";
        using ChildProcess compiler = ChildProcess.Start(["cc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-o", made, source, "-lnats", "-lpthread"]);
        if (!compiler.WaitForExit(CompileTimeout) || compiler.ExitCode != 0)
        {
            throw new CompareException($"cc could not compile bench/c/clients.c: {compiler.Errors}");
        }

        File.Move(made, program, overwrite: true);
    }

    private static ClientProgram NatsJs(string root)
    {
        string package = Path.Combine(root, "bench/node/node_modules/nats/package.json");
        if (!File.Exists(package))
        {
            throw new CompareException("nats.js is missing: run npm ci in bench/node");
        }

        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(package));
        string version = document.RootElement.GetProperty("version").GetString()!;
        return new(ClientProgram.NatsJsName, version, ["node", Path.Combine(root, "bench/node/clients.mjs")]);
    }

    [GeneratedRegex("""^#define NATS_VERSION_STRING\s+"([^"]+)"$""", RegexOptions.Multiline)]
    private static partial Regex VersionDefine();
}
