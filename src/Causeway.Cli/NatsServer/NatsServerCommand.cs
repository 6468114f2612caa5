using System.CommandLine;
using Causeway.Cli.Execution;
using Causeway.Cli.Serve;

namespace Causeway.Cli.NatsServer;

/// <summary><c>causeway nats-server FLAGS</c>, or the program under the name <c>nats-server</c>: starts a node where a script starts nats-server.</summary>
internal static class NatsServerCommand
{
    public const string Name = "nats-server";

    private const string Help = """

        Usage: nats-server [options]

        This is Causeway, started from a command line of nats-server. Flags have one dash or two, and their value behind = or a blank.

        Server Options:
            -a, --addr, --net <host>         Bind to host address (default: 0.0.0.0)
            -p, --port <port>                Use port for clients (default: 4222, -1: any free one)
            -n, --name
                --server_name <server_name>  Server name (default: auto)
            -P, --pid <file>                 File to store PID
            -m, --http_port <port>           Use port for http monitoring
            -c, --config <file>              Configuration file
            -t                               Test configuration and exit
            -sl,--signal <signal>[=<pid>]    Send signal to nats-server process (ldm, stop, quit, term, reopen, reload)
                                             <pid> can be either a PID (e.g. 1) or the path to a PID file (e.g. /var/run/nats-server.pid)
                --client_advertise <host:port>  Where clients are told to connect
                --ports_file_dir <dir>       Creates a ports file in the specified directory (nats-server_<pid>.ports).

        Logging Options:
            -l, --log <file>                 File to redirect log output
            -T, --logtime                    Timestamp log entries (default: true)
            -D, --debug                      Enable debugging output
            -V, --trace                      Trace the raw protocol
            -VV                              Verbose trace (the server's own connections as well)
            -DV                              Debug and trace
            -DVV                             Debug and verbose trace
                --max_traced_msg_len <len>   Maximum printable length for traced messages (default: 64 KiB)
                --log_size_limit <limit>     Logfile size limit (default: none)

        Authorization Options:
                --user <user>                User required for connections
                --pass <password>            Password required for connections
                --auth <token>               Authorization token required for connections

        TLS Options:
                --tls                        Enable TLS, do not verify clients (default: false)
                --tlscert <file>             Server certificate file
                --tlskey <file>              Private key for server certificate
                --tlsverify                  Enable TLS, verify client certificates
                --tlscacert <file>           Client certificate CA for verification

        Common Options:
            -h, --help                       Show this message
            -v, --version                    Show version

        Other flags of nats-server (JetStream, cluster, syslog, HTTPS, profiling) are refused with a line that says what to do instead.
        docs/nats-server.md has all differences.

        Exit codes: 0 done, or left in good order, 1 wrong flags or configuration, or the address can't be had, 5 the node failed.
        """;

    /// <summary>The command as the program lists it; <see cref="RunAsync"/> takes its flags, which are not of the same kind as other commands'.</summary>
    public static Command Create()
    {
        Command command = new(Name, "Run a bus node from a command line of nats-server (causeway nats-server -h).") { TreatUnmatchedTokensAsErrors = false };
        command.Options.Add(new Option<string>("-p", "--port") { Description = "One of nats-server's flags; -h lists them", HelpName = "flags" });
        return command;
    }

    /// <summary>True if the program runs under the name nats-server, as by a link.</summary>
    public static bool IsProgramName(string? word) => Path.GetFileName(word) == Name;

    /// <summary>Runs a command line of nats-server.</summary>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        NatsServerFlags flags = new(args);
        if (flags.WantsHelp || flags.WantsVersion)
        {
            await output.WriteLineAsync(flags.WantsHelp ? Help : $"{Name}: v{Bus.Nodes.NodeVersion.Protocol} (Causeway {ProgramRoot.Version})");
            return ExitCode.Success;
        }

        if (flags.Fault is { } fault)
        {
            await error.WriteLineAsync($"{Name}: {fault}");
            return ExitCode.Usage;
        }

        if (flags.Signal is { } signal)
        {
            string? problem = ServerSignal.Send(signal);
            if (problem is not null)
            {
                await error.WriteLineAsync($"{Name}: {problem}");
            }

            return problem is null ? ExitCode.Success : ExitCode.Usage;
        }

        return flags.OnlyTests ? await TestAsync(flags, output, error) : await ServeAsync(flags, error);
    }

    private static async Task<int> TestAsync(NatsServerFlags flags, TextWriter output, TextWriter error)
    {
        IReadOnlyList<string> faults = ServeCommand.Check(flags.Config, flags.Style);
        foreach (string fault in faults)
        {
            await error.WriteLineAsync($"{Name}: {fault}");
        }

        if (faults.Count == 0)
        {
            await output.WriteLineAsync($"{Name}: configuration file {flags.Config} is valid");
        }

        return faults.Count == 0 ? ExitCode.Success : ExitCode.Usage;
    }

    private static Task<int> ServeAsync(NatsServerFlags flags, TextWriter error)
    {
        RootCommand root = ProgramRoot.Create();
        Command serve = ServeCommand.Create(flags.Style);
        root.Subcommands.Add(serve);
        return CommandRunner.RunAsync(root, [serve.Name, .. flags.Arguments], error, Name);
    }
}
