using System.Text;

namespace Causeway.Core.WebSockets;

/// <summary>What a request for a WebSocket is answered. Immutable.</summary>
/// <param name="Status">HTTP's status code; 101 if it becomes a WebSocket.</param>
/// <param name="Fault">Why not; empty if it does.</param>
/// <param name="Compresses">True if messages may be compressed, each by itself.</param>
/// <param name="Key">The proof that the request was understood.</param>
public sealed record UpgradeAnswer(int Status, string Fault, bool Compresses, string Key)
{
    /// <summary>True if the connection becomes a WebSocket.</summary>
    public bool IsAccepted => Status == 101;

    /// <summary>It becomes one.</summary>
    public static UpgradeAnswer Accept(string key, bool compresses) => new(101, "", compresses, key);

    /// <summary>It does not.</summary>
    public static UpgradeAnswer Refuse(int status, string fault) => new(status, fault, false, "");

    /// <summary>The answer to a head that could not be read.</summary>
    public static UpgradeAnswer Refuse(HeadStatus status) =>
        status == HeadStatus.TooLarge ? Refuse(431, "the request is too large") : Refuse(400, "the request is no HTTP/1.1");

    /// <summary>The answer as it is sent.</summary>
    public byte[] ToBytes()
    {
        if (IsAccepted)
        {
            string extension = Compresses ? "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n" : "";
            return Encoding.ASCII.GetBytes($"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {Key}\r\n{extension}\r\n");
        }

        string text = Phrase(Status);
        return Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {Status} {text}\r\nContent-Type: text/plain; charset=utf-8\r\nSec-WebSocket-Version: 13\r\nX-Content-Type-Options: nosniff\r\n"
            + $"Content-Length: {text.Length + 1}\r\nConnection: close\r\n\r\n{text}\n");
    }

    private static string Phrase(int status) => status switch
    {
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        431 => "Request Header Fields Too Large",
        _ => "Service Unavailable",
    };
}
