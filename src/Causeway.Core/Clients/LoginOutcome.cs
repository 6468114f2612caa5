using Causeway.Core.Protocol;

namespace Causeway.Core.Clients;

/// <summary>What came of a client's wish to be somebody.</summary>
internal enum LoginOutcome
{
    /// <summary>It is not decided yet.</summary>
    Pending,

    /// <summary>It may go on.</summary>
    Accepted,

    /// <summary>What it sent can't be read.</summary>
    Malformed,

    /// <summary>It has not proved it.</summary>
    Refused,

    /// <summary>It can't be checked now, or was not in time.</summary>
    TimedOut,

    /// <summary>Its tenant has as many clients as it may have.</summary>
    TenantIsFull,

    /// <summary>The user is not there any more.</summary>
    Gone,
}

/// <summary>What follows from an outcome.</summary>
internal static class LoginOutcomes
{
    /// <summary>How a session ends that was not accepted: some with a word, some without, as with nats-server.</summary>
    public static (CloseReason Reason, string? Error) End(this LoginOutcome outcome) => outcome switch
    {
        LoginOutcome.Malformed => (CloseReason.ProtocolViolation, null),
        LoginOutcome.TimedOut => (CloseReason.AuthenticationTimeout, ProtocolError.AuthenticationTimeout),
        LoginOutcome.TenantIsFull => (CloseReason.MaxTenantConnectionsExceeded, ProtocolError.MaxTenantConnections),
        LoginOutcome.Gone => (CloseReason.AuthenticationViolation, null),
        _ => (CloseReason.AuthenticationViolation, ProtocolError.AuthorizationViolation),
    };
}
