namespace Causeway.Core.Clients;

/// <summary>Why a client's connection ended.</summary>
public enum CloseReason
{
    /// <summary>It is open.</summary>
    None,

    /// <summary>The client closed it.</summary>
    ClientClosed,

    /// <summary>Reading from it failed.</summary>
    ReadError,

    /// <summary>Writing to it failed.</summary>
    WriteError,

    /// <summary>More bytes waited than a client may have waiting.</summary>
    SlowConsumerPendingBytes,

    /// <summary>Bytes waited and none moved for too long.</summary>
    SlowConsumerWriteStall,

    /// <summary>Memory was short and it had most bytes waiting.</summary>
    SlowConsumerMemory,

    /// <summary>It sent a message that memory had no room for.</summary>
    MemoryExhausted,

    /// <summary>PINGs stayed unanswered.</summary>
    StaleConnection,

    /// <summary>It did not speak the protocol.</summary>
    ProtocolViolation,

    /// <summary>A line over the limit.</summary>
    MaxControlLineExceeded,

    /// <summary>A message over the limit.</summary>
    MaxPayloadExceeded,

    /// <summary>The node had all the connections it takes.</summary>
    MaxConnectionsExceeded,

    /// <summary>It did not prove who it is, or may not come any more.</summary>
    AuthenticationViolation,

    /// <summary>It did not prove who it is in time.</summary>
    AuthenticationTimeout,

    /// <summary>Its tenant had all the clients it may have.</summary>
    MaxTenantConnectionsExceeded,

    /// <summary>It did not begin TLS, which it has to.</summary>
    TlsRequired,

    /// <summary>It showed no certificate, which it has to.</summary>
    TlsCertificateMissing,

    /// <summary>Its TLS handshake failed, or took too long, or too many were under way.</summary>
    TlsHandshakeError,

    /// <summary>The node goes away.</summary>
    ServerShutdown,

    /// <summary>A defect in Causeway, met while serving this client; the others go on.</summary>
    InternalError,
}

/// <summary>What follows from a reason.</summary>
public static class CloseReasons
{
    /// <summary>True if what waits shall still be sent before the connection ends.</summary>
    public static bool SendsWhatWaits(this CloseReason reason) => reason
        is CloseReason.ClientClosed or CloseReason.StaleConnection or CloseReason.ProtocolViolation
        or CloseReason.MaxControlLineExceeded or CloseReason.MaxPayloadExceeded or CloseReason.MaxConnectionsExceeded
        or CloseReason.ServerShutdown or CloseReason.AuthenticationViolation or CloseReason.AuthenticationTimeout
        or CloseReason.MaxTenantConnectionsExceeded or CloseReason.TlsRequired or CloseReason.TlsCertificateMissing;

    /// <summary>True if the client could not keep up.</summary>
    public static bool IsSlowConsumer(this CloseReason reason) => reason
        is CloseReason.SlowConsumerPendingBytes or CloseReason.SlowConsumerWriteStall or CloseReason.SlowConsumerMemory;

    /// <summary>The words that nats-server's monitoring uses for the reason.</summary>
    public static string Text(this CloseReason reason) => reason switch
    {
        CloseReason.None => "",
        CloseReason.ClientClosed => "Client Closed",
        CloseReason.ReadError => "Read Error",
        CloseReason.WriteError => "Write Error",
        CloseReason.SlowConsumerPendingBytes => "Slow Consumer (Pending Bytes)",
        CloseReason.SlowConsumerWriteStall => "Slow Consumer (Write Deadline)",
        CloseReason.SlowConsumerMemory => "Slow Consumer (Memory Budget)",
        CloseReason.MemoryExhausted => "Memory Budget Exhausted",
        CloseReason.StaleConnection => "Stale Connection",
        CloseReason.ProtocolViolation => "Protocol Violation",
        CloseReason.MaxControlLineExceeded => "Maximum Control Line Exceeded",
        CloseReason.MaxPayloadExceeded => "Maximum Message Payload Exceeded",
        CloseReason.MaxConnectionsExceeded => "Maximum Connections Exceeded",
        CloseReason.AuthenticationViolation => "Authentication Failure",
        CloseReason.AuthenticationTimeout => "Authentication Timeout",
        CloseReason.MaxTenantConnectionsExceeded => "Maximum Account Connections Exceeded",
        CloseReason.TlsRequired => "TLS Required",
        CloseReason.TlsCertificateMissing => "TLS Certificate Missing",
        CloseReason.TlsHandshakeError => "TLS Handshake Failure",
        CloseReason.ServerShutdown => "Server Shutdown",
        CloseReason.InternalError => "Internal Error",
        _ => reason.ToString(),
    };
}
