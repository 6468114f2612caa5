using System.CommandLine;
using System.Net;
using Causeway.Bus.Tls;
using Causeway.Bus.WebSockets;
using Causeway.Cli.Parsing;
using Causeway.Core.WebSockets;

namespace Causeway.Cli.Serve;

/// <summary>The options of <c>causeway serve</c> for clients over WebSockets.</summary>
internal sealed class WebSocketServeOptions
{
    private readonly Option<string> _listen = ServeOptions.Text("--websocket-listen", "Address for clients over WebSockets, or 'off'; needs certificates or --websocket-no-tls", "off", ServeOptions.CheckHttp);
    private readonly Option<bool> _noTls = TlsServeOptions.Switch("--websocket-no-tls", "WebSockets come without TLS");
    private readonly Option<string> _certificate = ServeOptions.Text("--websocket-tls-cert", "PEM file with the certificate for WebSockets, and those of intermediate authorities behind it", "", _ => null);
    private readonly Option<string> _key = ServeOptions.Text("--websocket-tls-key", "PEM file with the key of --websocket-tls-cert", "", _ => null);
    private readonly Option<string> _authority = ServeOptions.Text("--websocket-tls-ca", "PEM file with the authorities of clients' certificates [default: those that the machine trusts]", "", _ => null);
    private readonly Option<bool> _verify = TlsServeOptions.Switch("--websocket-tls-verify", "Clients over WebSockets have to show a certificate");
    private readonly Option<bool> _map = TlsServeOptions.Switch("--websocket-tls-map", "A client over a WebSocket is the user whom its certificate names");
    private readonly Option<Duration> _tlsTimeout = ServeOptions.Time("--websocket-tls-timeout", "Longest time for the TLS handshake beneath a WebSocket", TimeSpan.FromSeconds(2));
    private readonly Option<bool> _sameOrigin = TlsServeOptions.Switch("--websocket-same-origin", "A page has to come from the host and port that it connects to");
    private readonly Option<string> _origins = ServeOptions.Text("--websocket-allowed-origins", "Origins that pages may come from, separated by commas [default: any]", "", CheckOrigins);
    private readonly Option<bool> _compression = TlsServeOptions.Switch("--websocket-compression", "Messages are compressed for clients that offer it");
    private readonly Option<Duration> _timeout = ServeOptions.Time("--websocket-handshake-timeout", "Longest time for a WebSocket's request", TimeSpan.FromSeconds(2));
    private readonly Option<string> _advertise = ServeOptions.Text("--websocket-advertise", "The host:port that clients over WebSockets are told", "", text => text.Length == 0 ? null : ServeOptions.CheckAdvertise(text));

    private Option[] Beside => [_noTls, _certificate, _key, _authority, _verify, _map, _tlsTimeout, _sameOrigin, _origins, _compression, _timeout, _advertise];

    public void AddTo(Command command)
    {
        command.Options.Add(_listen);
        foreach (Option option in Beside)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>WebSockets as the options say; null without them. Adds a line to <paramref name="faults"/> for each that does not fit.</summary>
    public WebSocketOptions? Read(ParseResult result, List<string> faults)
    {
        if (!ListenAddress.TryParse(result.GetValue(_listen)!, out IPEndPoint address))
        {
            string[] alone = [.. Beside.Where(option => result.GetResult(option) is { Implicit: false }).Select(option => option.Name)];
            if (alone.Length > 0)
            {
                faults.Add($"{string.Join(", ", alone)}: needs --websocket-listen");
            }

            return null;
        }

        if (result.GetValue(_timeout).Time <= TimeSpan.Zero || result.GetValue(_tlsTimeout).Time <= TimeSpan.Zero)
        {
            faults.Add("--websocket-handshake-timeout or --websocket-tls-timeout is 0; accepted is more than that");
        }

        return new WebSocketOptions
        {
            Listen = address,
            Tls = ReadTls(result, faults),
            SameOrigin = result.GetValue(_sameOrigin),
            AllowedOrigins = [.. Origins(result.GetValue(_origins)!).Select(text => WebOrigin.TryParse(text, out WebOrigin origin) ? origin : default)],
            Compression = result.GetValue(_compression),
            HandshakeTimeout = result.GetValue(_timeout).Time,
            Advertise = result.GetValue(_advertise)!,
        };
    }

    private TlsOptions? ReadTls(ParseResult result, List<string> faults)
    {
        string certificate = result.GetValue(_certificate)!;
        string key = result.GetValue(_key)!;
        if (result.GetValue(_noTls) || certificate.Length == 0 || key.Length == 0)
        {
            if (!result.GetValue(_noTls))
            {
                faults.Add("--websocket-listen needs TLS: accepted is --websocket-tls-cert with --websocket-tls-key (in a file a block 'tls'), or --websocket-no-tls (no_tls: true)");
            }
            else if (certificate.Length > 0 || key.Length > 0)
            {
                faults.Add("--websocket-no-tls can't be with certificates for WebSockets: accepted is one of them");
            }

            return null;
        }

        TlsOptions options = new()
        {
            CertificateFile = certificate,
            KeyFile = key,
            AuthorityFile = result.GetValue(_authority)!,
            Verify = result.GetValue(_verify),
            VerifyAndMap = result.GetValue(_map),
            Timeout = result.GetValue(_tlsTimeout).Time,
            HandshakeFirst = true,
        };
        if (options.FindFault() is { } fault)
        {
            faults.Add(fault);
        }

        return options;
    }

    private static string[] Origins(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string? CheckOrigins(string text) => Origins(text).All(part => WebOrigin.TryParse(part, out _)) ? null : WebOrigin.Accepted;
}
