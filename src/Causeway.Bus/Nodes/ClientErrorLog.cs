using System.Net;
using Causeway.Core;
using Causeway.Core.Clients;
using Causeway.Core.Protocol;
using Microsoft.Extensions.Logging;

namespace Causeway.Bus.Nodes;

/// <summary>
/// Logs what clients do wrong, in nats-server's form, which scripts look for: whoever runs a node learns why a client can't get in or is
/// not heard. So many lines a second, whatever clients do; those left out are counted. Any thread.
/// </summary>
internal sealed class ClientErrorLog(ILogger log, int mostLinesPerSecond, TimeProvider time) : IClientErrors
{
    private readonly RateLimit _rate = new(mostLinesPerSecond);
    private long _told;

    /// <summary>Lines left out, too many coming in a second.</summary>
    public long LeftOut => _rate.Skipped;

    public void OnError(ClientSession client, string text)
    {
        // Connections beyond the limit have a line with their number, and a client that fell silent did nothing wrong.
        if (text is not (ProtocolError.MaxConnections or ProtocolError.StaleConnection) && MayLog())
        {
            string words = text == ProtocolError.AuthorizationViolation ? "authentication error" : text;
            NodeLog.ClientError(log, client.Address, client.Port, client.Id, words, client.User is { Name.Length: > 0 } user ? $", user \"{user.Name}\"" : "");
        }
    }

    /// <summary>A connection was not taken in, <paramref name="count"/> up to now.</summary>
    public void OnConnectionRefused(string reason, long count)
    {
        if (MayLog())
        {
            NodeLog.Refused(log, reason, count);
        }
    }

    /// <summary>Somebody who connected for a WebSocket got none, with or without TLS.</summary>
    public void OnWebSocketRefused(IPEndPoint from, string cause)
    {
        if (MayLog())
        {
            NodeLog.WebSocketRefused(log, from.Address.ToString(), from.Port, cause);
        }
    }

    /// <summary>What is said of a handshake of TLS that failed: what lies at the bottom, such as the word of OpenSSL or of the chain of certificates.</summary>
    public static string OfTls(Exception fault)
    {
        Exception cause = fault;
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return "TLS handshake error: " + (fault is OperationCanceledException ? "it took too long" : cause.Message);
    }

    private bool MayLog()
    {
        if (!_rate.TryTake((long)time.GetElapsedTime(0).TotalMilliseconds))
        {
            return false;
        }

        long leftOut = _rate.Skipped;
        long before = Interlocked.Exchange(ref _told, leftOut);
        if (leftOut > before)
        {
            NodeLog.ClientErrorsLeftOut(log, leftOut - before);
        }

        return true;
    }
}
