using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Causeway.Bus.Tests.Tls;

/// <summary>A client of the protocol that speaks TLS, line by line. Every wait has a deadline.</summary>
internal sealed class SecureClient : IDisposable
{
    private readonly TcpClient _tcp = new() { NoDelay = true };
    private readonly byte[] _buffer = new byte[64 * 1024];
    private byte[] _received = [];
    private Stream _stream = Stream.Null;

    private SecureClient()
    {
    }

    public string Info { get; private set; } = "";

    /// <summary>The certificate that the node showed.</summary>
    public X509Certificate2? NodeCertificate { get; private set; }

    public string CipherSuite { get; private set; } = "";

    public Socket Socket => _tcp.Client;

    /// <summary>Connects and reads INFO in clear.</summary>
    public static async Task<SecureClient> OpenAsync(IPEndPoint address)
    {
        SecureClient client = new();
        await client._tcp.ConnectAsync(address).WaitAsync(Eventually.Deadline);
        client._stream = client._tcp.GetStream();
        client.Info = await client.LineAsync();
        return client;
    }

    /// <summary>Connects, does the handshake, sends CONNECT with <paramref name="connect"/>, and has had its PONG.</summary>
    public static async Task<SecureClient> ConnectAsync(IPEndPoint address, X509Certificate2? certificate = null, string connect = "{\"verbose\":false}", bool first = false)
    {
        SecureClient client = new();
        await client._tcp.ConnectAsync(address).WaitAsync(Eventually.Deadline);
        client._stream = client._tcp.GetStream();
        if (!first)
        {
            client.Info = await client.LineAsync();
        }

        await client.SecureAsync(certificate);
        if (first)
        {
            client.Info = await client.LineAsync();
        }

        await client.SendAsync($"CONNECT {connect}\r\nPING\r\n");
        return client;
    }

    /// <summary>Does the handshake.</summary>
    public async Task SecureAsync(X509Certificate2? certificate = null)
    {
        SslStream secure = new(_stream, leaveInnerStreamOpen: false);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "127.0.0.1",
            ClientCertificates = certificate is null ? [] : [certificate],
            RemoteCertificateValidationCallback = (_, shown, _, _) =>
            {
                NodeCertificate = X509CertificateLoader.LoadCertificate(shown!.GetRawCertData());
                return NodeCertificate.Issuer.EndsWith(" Authority", StringComparison.Ordinal);
            },
        }).WaitAsync(Eventually.Deadline);
        CipherSuite = secure.NegotiatedCipherSuite.ToString();
        _stream = secure;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.ASCII.GetBytes(text));

    public Task SendAsync(byte[] bytes) => _stream.WriteAsync(bytes).AsTask().WaitAsync(Eventually.Deadline);

    /// <summary>The next line without its end; empty once the node has closed.</summary>
    public async Task<string> LineAsync()
    {
        while (true)
        {
            int end = _received.AsSpan().IndexOf("\r\n"u8);
            if (end >= 0)
            {
                string line = Encoding.ASCII.GetString(_received, 0, end);
                _received = _received[(end + 2)..];
                return line;
            }

            if (!await ReceiveAsync())
            {
                return "";
            }
        }
    }

    /// <summary>The next <paramref name="count"/> bytes.</summary>
    public async Task<byte[]> BytesAsync(int count)
    {
        while (_received.Length < count && await ReceiveAsync())
        {
        }

        byte[] bytes = _received[..count];
        _received = _received[count..];
        return bytes;
    }

    public void Dispose()
    {
        _stream.Dispose();
        _tcp.Dispose();
    }

    private async Task<bool> ReceiveAsync()
    {
        try
        {
            int read = await _stream.ReadAsync(_buffer).AsTask().WaitAsync(Eventually.Deadline);
            _received = [.. _received, .. _buffer.AsSpan(0, read)];
            return read > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
