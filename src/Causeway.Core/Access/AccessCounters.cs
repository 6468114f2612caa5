using Causeway.Core.Clients;

namespace Causeway.Core.Access;

/// <summary>What a node refused to clients, since it runs. Any thread.</summary>
public sealed class AccessCounters
{
    private long _logins;
    private long _publishes;
    private long _subscriptions;
    private long _forgottenReplies;

    /// <summary>Logins refused: the proof was wrong, missing or late.</summary>
    public long RefusedLogins => Volatile.Read(ref _logins);

    /// <summary>Messages refused that their publisher may not publish.</summary>
    public long RefusedPublishes => Volatile.Read(ref _publishes);

    /// <summary>Subscriptions refused, or ended by a reload, that their client may not have.</summary>
    public long RefusedSubscriptions => Volatile.Read(ref _subscriptions);

    /// <summary>Requests that a client was allowed to reply to, forgotten before their time for want of room.</summary>
    public long ForgottenReplies => Volatile.Read(ref _forgottenReplies);

    internal void CountLogin(LoginOutcome outcome) => Interlocked.Add(ref _logins, outcome == LoginOutcome.Malformed ? 0 : 1);

    internal void CountPublish() => Interlocked.Increment(ref _publishes);

    internal void CountSubscription() => Interlocked.Increment(ref _subscriptions);

    internal void CountForgottenReplies(long count) => Interlocked.Add(ref _forgottenReplies, count);
}
