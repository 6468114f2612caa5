using System.CommandLine;
using Causeway.Cli.Execution;

namespace Causeway.Cli.Serve;

/// <summary><c>causeway serve</c>: runs a bus node until it is told to leave.</summary>
internal static class ServeCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "serve";

    private const string Details = """
        A configuration file (--config) has nats-server's syntax and names; docs/configuration.md lists what is read. What the command line
        says goes before the file, and the file before the environment. SIGHUP reads the file again and takes over what can change.
        To start from a command line of nats-server: causeway nats-server.

        SIGTERM or SIGINT drains: what has arrived is delivered, then clients are closed. SIGUSR2 begins lame-duck mode: clients are
        told to go elsewhere and closed over time. SIGUSR1 opens the log file again.

        Examples:
          causeway serve
          causeway serve --listen '*:4222' --http 127.0.0.1:8222 --memory-limit 2GiB
          causeway serve -c /etc/causeway.conf
          causeway serve --user alice --pass secret
          causeway serve --trace-messages 100 --otlp-endpoint http://127.0.0.1:4318
          CAUSEWAY_MAX_PAYLOAD=8MiB causeway serve --log-format json

        Exit codes: 0 left in good order, 1 bad options or configuration, or the address can't be had, 5 the node failed.
        """;

    /// <summary>The command; with <paramref name="style"/> it starts as nats-server does.</summary>
    public static Command Create(NatsServerStyle? style = null)
    {
        (Command command, ServeOptions options, Option<string?> config) = CreateOptions();
        command.SetAction((result, cancellation) => new ServeRun(new ServeSources(options, result, result.GetValue(config) ?? "", style)).RunAsync(cancellation));
        return command;
    }

    /// <summary>What <paramref name="path"/> says if it is a node's configuration file: a line for each thing that is not right, none if all is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="style">How nats-server would be started; null for <c>causeway serve</c>.</param>
    public static IReadOnlyList<string> Check(string path, NatsServerStyle? style = null)
    {
        (Command command, ServeOptions options, _) = CreateOptions();
        RootCommand root = ProgramRoot.Create();
        root.Subcommands.Add(command);
        return new ServeSources(options, root.Parse([command.Name]), path, style).Read().Faults;
    }

    private static (Command Command, ServeOptions Options, Option<string?> Config) CreateOptions()
    {
        ServeOptions options = new();
        Option<string?> config = new(ServeOptions.ConfigOption, "-c")
        {
            Description = "Configuration file [env: CAUSEWAY_CONFIG]",
            HelpName = "file",
            DefaultValueFactory = _ => Environment.GetEnvironmentVariable("CAUSEWAY_CONFIG"),
        };
        Command command = new(Name, "Run a bus node that NATS clients connect to.");
        command.Options.Add(config);
        options.AddTo(command);
        HelpText.Append(command, Details);
        return (command, options, config);
    }
}
