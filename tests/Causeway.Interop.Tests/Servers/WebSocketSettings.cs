namespace Causeway.Interop.Tests.Servers;

/// <summary>A listener for WebSockets, with or without TLS and compression, for pages from one origin only if one is named.</summary>
public sealed record WebSocketSettings(bool Tls = false, bool Compression = false, string Origin = "")
{
    /// <summary>The block of a configuration file, in the syntax that both servers read.</summary>
    public string Block(int port) =>
        $"websocket {{ listen: \"127.0.0.1:{port}\", {(Tls ? TlsFiles.Block : "no_tls: true")}, compression: {(Compression ? "true" : "false")}, handshake_timeout: \"60s\""
        + $"{(Origin.Length > 0 ? $", allowed_origins: [\"{Origin}\"]" : "")} }}";
}
