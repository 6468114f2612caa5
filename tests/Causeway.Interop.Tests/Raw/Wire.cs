namespace Causeway.Interop.Tests.Raw;

/// <summary>Pieces of the protocol, spelled exactly as clients match on them.</summary>
public static class Wire
{
    public const string Ok = "+OK\r\n";
    public const string Ping = "PING\r\n";
    public const string Pong = "PONG\r\n";

    /// <summary>How a transcript shows that the server closed the connection.</summary>
    public const string Closed = "<closed>";

    /// <summary>The smallest header block: the version line and the empty line.</summary>
    public const string EmptyHeader = "NATS/1.0\r\n\r\n";

    public const string UnknownOperation = "-ERR 'Unknown Protocol Operation'\r\n";
    public const string InvalidSubject = "-ERR 'Invalid Subject'\r\n";
    public const string InvalidPublishSubject = "-ERR 'Invalid Publish Subject'\r\n";
    public const string PayloadViolation = "-ERR 'Maximum Payload Violation'\r\n";
    public const string ControlLineExceeded = "-ERR 'maximum control line exceeded'\r\n";
    public const string ConnectionsExceeded = "-ERR 'maximum connections exceeded'\r\n";
    public const string SubscriptionsExceeded = "-ERR 'maximum subscriptions exceeded'\r\n";
    public const string StaleConnection = "-ERR 'Stale Connection'\r\n";
    public const string InvalidClientProtocol = "-ERR 'invalid client protocol'\r\n";
    public const string NoRespondersNeedHeaders = "-ERR 'no responders requires headers support'\r\n";

    public static string NoResponders(string reply, string sid) =>
        $"HMSG {reply} {sid} 16 16\r\nNATS/1.0 503\r\n\r\n\r\n";
}
