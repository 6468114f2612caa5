using System.CommandLine;
using Causeway.Cli.Parsing;
using Causeway.Client;

namespace Causeway.Cli.Connections;

/// <summary>
/// The options of all commands that connect to a server as a client: <c>--server</c>, <c>--name</c>, <c>--connect-timeout</c>, and those of
/// <see cref="LoginOptions"/> and <see cref="TlsOptions"/>.
/// </summary>
internal sealed class ConnectionOptions
{
    private static readonly ValueRange<Duration> TimeoutRange = new(Duration.FromSeconds(0.001), Duration.FromSeconds(3600));

    private readonly Option<ServerAddress[]> _servers = ServerOption.Create();

    private readonly Option<string> _name = new("--name")
    {
        Description = "The name by which the server's monitoring shows this client",
        HelpName = "name",
        DefaultValueFactory = _ => "causeway",
    };

    private readonly Option<Duration> _timeout = ValueOption.Create(
        "--connect-timeout", "How long connecting to one server may take", TimeoutRange, Duration.FromSeconds(2));

    private readonly LoginOptions _login = new();
    private readonly TlsOptions _tls = new();

    public void AddTo(Command command)
    {
        command.Options.Add(_servers);
        command.Options.Add(_name);
        command.Options.Add(_timeout);
        _login.AddTo(command);
        _tls.AddTo(command);
    }

    /// <summary>The client options that a command line asks for. A lost connection is the end, unless the command changes that.</summary>
    public BusClientOptions Read(ParseResult parsed) => new()
    {
        Servers = parsed.GetRequiredValue(_servers),
        Credentials = _login.Read(parsed),
        Tls = _tls.Read(parsed),
        Name = parsed.GetRequiredValue(_name),
        ConnectTimeout = parsed.GetRequiredValue(_timeout).Time,
        Reconnect = null,
    };
}
