using System.Globalization;
using System.Text;

namespace Causeway.Core.Protocol;

/// <summary>
/// The texts of <c>-ERR</c>, to the letter those of nats-server, since client libraries match on them.
/// </summary>
public static class ProtocolError
{
    /// <summary>No verb of the protocol; closes.</summary>
    public const string UnknownOperation = "Unknown Protocol Operation";

    /// <summary>A line over the limit; closes.</summary>
    public const string LineTooLong = "maximum control line exceeded";

    /// <summary>A message over the limit; closes.</summary>
    public const string PayloadTooLarge = "Maximum Payload Violation";

    /// <summary>A CONNECT with a protocol level that does not exist; closes.</summary>
    public const string InvalidProtocol = "invalid client protocol";

    /// <summary>A CONNECT that wants no-responders without headers; closes.</summary>
    public const string NoRespondersNeedsHeaders = "no responders requires headers support";

    /// <summary>The node has all the connections it takes; closes.</summary>
    public const string MaxConnections = "maximum connections exceeded";

    /// <summary>PINGs stayed unanswered; closes.</summary>
    public const string StaleConnection = "Stale Connection";

    /// <summary>The client has all the subscriptions it may have; the connection stays open.</summary>
    public const string MaxSubscriptions = "maximum subscriptions exceeded";

    /// <summary>The client has to begin TLS and did not; closes.</summary>
    public const string TlsRequired = "Secure Connection - TLS Required";

    /// <summary>The client has to show a certificate and did not; closes. nats-server has no text for it, but an alert of TLS.</summary>
    public const string TlsCertificateRequired = "TLS Client Certificate Required";

    /// <summary>The client has not proved who it is; closes.</summary>
    public const string AuthorizationViolation = "Authorization Violation";

    /// <summary>The client took too long to prove who it is, or the node could not check it in time; closes.</summary>
    public const string AuthenticationTimeout = "Authentication Timeout";

    /// <summary>The tenant has all the clients that it may have; closes.</summary>
    public const string MaxTenantConnections = "maximum account active connections exceeded";

    /// <summary>A subject that can't be; the connection stays open.</summary>
    public const string InvalidSubject = "Invalid Subject";

    /// <summary>A subject that can't be published to, told to pedantic clients; the connection stays open.</summary>
    public const string InvalidPublishSubject = "Invalid Publish Subject";

    /// <summary>The client may not publish to <paramref name="subject"/>; the connection stays open.</summary>
    public static string PublishViolation(ReadOnlySpan<byte> subject) => $"Permissions Violation for Publish to {Quoted(subject)}";

    /// <summary>The client may not subscribe to <paramref name="subject"/> in <paramref name="queue"/> (empty for none); the connection stays open.</summary>
    public static string SubscriptionViolation(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> queue) => queue.IsEmpty
        ? $"Permissions Violation for Subscription to {Quoted(subject)}"
        : $"Permissions Violation for Subscription to {Quoted(subject)} using queue {Quoted(queue)}";

    /// <summary>The client may not have the subscription <paramref name="sid"/> any more, which has ended; the connection stays open.</summary>
    public static string SubscriptionTakenBack(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> sid) =>
        $"Permissions Violation for Subscription to {Quoted(subject)} (sid {Quoted(sid)})";

    /// <summary>In quotation marks, as Go writes it: what would end the text or the line is escaped.</summary>
    private static string Quoted(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new("\"");
        foreach (char character in Encoding.UTF8.GetString(bytes))
        {
            _ = character switch
            {
                '"' or '\\' => text.Append('\\').Append(character),
                < ' ' or '\x7f' => text.Append(CultureInfo.InvariantCulture, $"\\x{(int)character:x2}"),
                _ => text.Append(character),
            };
        }

        return text.Append('"').ToString();
    }
}
