using System.CommandLine;
using System.Security.Authentication;
using Causeway.Bus.Tls;
using Causeway.Cli.Parsing;

namespace Causeway.Cli.Serve;

/// <summary>The options of <c>causeway serve</c> for TLS of clients.</summary>
internal sealed class TlsServeOptions
{
    private readonly Option<string> _certificate = ServeOptions.Text("--tls-cert", "PEM file with the node's certificate for clients, and those of intermediate authorities behind it", "", _ => null);
    private readonly Option<string> _key = ServeOptions.Text("--tls-key", "PEM file with the key of --tls-cert", "", _ => null);
    private readonly Option<string> _authority = ServeOptions.Text("--tls-ca", "PEM file with the authorities of clients' certificates [default: those that the machine trusts]", "", _ => null);
    private readonly Option<bool> _verify = Switch("--tls-verify", "Clients have to show a certificate");
    private readonly Option<bool> _map = Switch("--tls-map", "A client is the user whom its certificate names, and no password counts");
    private readonly Option<Duration> _timeout = ServeOptions.Time("--tls-timeout", "Longest time for a client's TLS handshake", TimeSpan.FromSeconds(2));
    private readonly Option<bool> _first = Switch("--tls-handshake-first", "The handshake comes before INFO, as behind a TLS load balancer");
    private readonly Option<bool> _allowClear = Switch("--allow-non-tls", "Clients may stay in clear");
    private readonly Option<string> _least = ServeOptions.Text("--tls-min-version", "Least version of TLS: 1.2 or 1.3", "1.2", text => text is "1.2" or "1.3" ? null : "accepted is 1.2 or 1.3");

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_certificate, _key, _authority, _verify, _map, _timeout, _first, _allowClear, _least])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>TLS as the options say; null without it. Adds a line to <paramref name="faults"/> for each that does not fit.</summary>
    public TlsOptions? Read(ParseResult result, List<string> faults)
    {
        string certificate = result.GetValue(_certificate)!;
        string key = result.GetValue(_key)!;
        if (certificate.Length == 0 && key.Length == 0)
        {
            string[] alone = [.. ((Option[])[_authority, _verify, _map, _first, _allowClear])
                .Where(option => result.GetResult(option) is { Implicit: false }).Select(option => option.Name)];
            if (alone.Length > 0)
            {
                faults.Add($"{string.Join(", ", alone)}: needs --tls-cert and --tls-key");
            }

            return null;
        }

        if (certificate.Length == 0 || key.Length == 0)
        {
            faults.Add("--tls-cert and --tls-key belong together: both or none");
            return null;
        }

        TlsOptions options = new()
        {
            CertificateFile = certificate,
            KeyFile = key,
            AuthorityFile = result.GetValue(_authority)!,
            Verify = result.GetValue(_verify),
            VerifyAndMap = result.GetValue(_map),
            Timeout = result.GetValue(_timeout).Time,
            HandshakeFirst = result.GetValue(_first),
            AllowNonTls = result.GetValue(_allowClear),
            Protocols = result.GetValue(_least) == "1.3" ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13,
        };
        if (options.HandshakeFirst && options.AllowNonTls)
        {
            faults.Add("--allow-non-tls can't be with --tls-handshake-first: a client in clear waits for INFO, and the node for its handshake");
        }

        if (options.Timeout <= TimeSpan.Zero)
        {
            faults.Add("--tls-timeout is 0; accepted is more than that");
        }

        if (options.FindFault() is { } fault)
        {
            faults.Add(fault);
        }

        return options;
    }

    internal static Option<bool> Switch(string name, string description) => new(name)
    {
        Description = $"{description} [env: {ServeOptions.Variable(name)}=true]",
        DefaultValueFactory = result => ReadSwitch(result, ServeOptions.Variable(name)),
    };

    private static bool ReadSwitch(System.CommandLine.Parsing.ArgumentResult result, string variable)
    {
        string text = Environment.GetEnvironmentVariable(variable) ?? "";
        if (text.Length == 0 || bool.TryParse(text, out _))
        {
            return text.Length > 0 && bool.Parse(text);
        }

        result.AddError($"{variable}: '{text}' can't be read; accepted is true or false");
        return false;
    }
}
