using System.CommandLine;
using Causeway.Client;

namespace Causeway.Cli.Connections;

/// <summary>How a command does TLS. Any of the options demands it, as an address with tls:// does.</summary>
internal sealed class TlsOptions
{
    private readonly Option<string?> _authorities =
        LoginOptions.File("--tls-ca", "A PEM file with the authorities that sign servers' certificates; the machine's else [env: CAUSEWAY_TLS_CA]", "CAUSEWAY_TLS_CA");

    private readonly Option<string?> _certificate = LoginOptions.File("--tls-cert", "A PEM file with the client's certificate [env: CAUSEWAY_TLS_CERT]", "CAUSEWAY_TLS_CERT");
    private readonly Option<string?> _key = LoginOptions.File("--tls-key", "A PEM file with the private key of --tls-cert [env: CAUSEWAY_TLS_KEY]", "CAUSEWAY_TLS_KEY");

    private readonly Option<string?> _name = new("--tls-server-name")
    {
        Description = "The name that the server's certificate must have; the host of its address else",
        HelpName = "name",
    };

    private readonly Option<bool> _first = new("--tls-first") { Description = "Begin with TLS at once, for servers that are set to it" };

    public void AddTo(Command command)
    {
        command.Options.Add(_authorities);
        command.Options.Add(_certificate);
        command.Options.Add(_key);
        command.Options.Add(_name);
        command.Options.Add(_first);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_key) is not null && result.GetValue(_certificate) is null)
            {
                result.AddError("--tls-key needs --tls-cert");
            }
        });
    }

    /// <summary>What the options say; null where they say nothing.</summary>
    public ClientTlsOptions? Read(ParseResult parsed)
    {
        ClientTlsOptions options = new()
        {
            CaFile = parsed.GetValue(_authorities),
            CertificateFile = parsed.GetValue(_certificate),
            KeyFile = parsed.GetValue(_key),
            ServerName = parsed.GetValue(_name),
            HandshakeFirst = parsed.GetValue(_first),
        };
        return options == new ClientTlsOptions() ? null : options;
    }
}
