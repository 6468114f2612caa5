using Causeway.Core.Access;
using Causeway.Core.Memory;
using Causeway.Core.Routing;

namespace Causeway.Core.Clients;

/// <summary>
/// Who a client is and what it may do: its login with the decision that may be waited for, its permissions, the replies it may give.
/// <see cref="Filters"/> and <see cref="NoteReply"/> may be called from any thread, the rest from the client's own.
/// </summary>
internal sealed class ClientAccess
{
    private readonly NodeContext _node;
    private readonly ClientSession _client;
    private readonly string _nonce;
    private readonly bool _isOwn;
    private AccessControl _decidedBy;
    private Permissions _permissions = Permissions.All;
    private PublishGate? _gate;
    private ReplyAllowance? _replies;
    private LoginAttempt? _pending;
    private Tenant? _entered;
    private bool _isReleased;
    private long _deadline = long.MaxValue;

    /// <summary>Begins at <paramref name="now"/>. Where nobody has to prove anything, and if it is the node itself, the client is in.</summary>
    public ClientAccess(NodeContext node, ClientSession client, string nonce, long now)
    {
        _node = node;
        _client = client;
        _nonce = nonce;
        _decidedBy = node.Access;
        _isOwn = client.Transport.IsOwn;
        IsUndecided = _decidedBy.IsRequired && !_isOwn;
        if (IsUndecided)
        {
            _deadline = now + (long)(node.SecureTimeout + _decidedBy.Settings.Timeout).TotalMilliseconds;
        }
        else
        {
            _entered = _isOwn ? null : client.Tenant;
            _entered?.TryEnter();
        }
    }

    /// <summary>Who it is; null for nobody in particular.</summary>
    public User? User { get; private set; }

    /// <summary>How the connection is secured; null while it is in clear.</summary>
    public SecureChannel? Channel { get; private set; }

    /// <summary>True until it is decided who the client is: nothing but CONNECT is taken from it.</summary>
    public bool IsUndecided { get; private set; }

    /// <summary>True while a proof is being checked: nothing is to be received.</summary>
    public bool IsPending => _pending is not null;

    /// <summary>True unless it is to be decided yet, for the first time or anew.</summary>
    public bool IsDecided => !IsUndecided && !IsPending;

    /// <summary>True if messages have to be asked for before they are published.</summary>
    public bool LimitsPublishing => _gate is not null;

    /// <summary>True if replies to what is delivered are to be noted. Any thread.</summary>
    public bool NotesReplies => Volatile.Read(ref _replies) is not null;

    /// <summary>True if the time for the login is over.</summary>
    public bool IsTooLate(long now) => !IsDecided && now >= _deadline;

    /// <summary>The connection is secured at <paramref name="now"/>: from here the time for the login runs.</summary>
    public void OnSecured(SecureChannel channel, long now)
    {
        Channel = channel;
        if (IsUndecided)
        {
            _deadline = now + (long)_decidedBy.Settings.Timeout.TotalMilliseconds;
        }
    }

    /// <summary>
    /// The client sends its first command, which begins with <paramref name="first"/>: true if it may. Without a CONNECT it becomes the user
    /// of those who prove nothing, if there is one.
    /// </summary>
    public bool MayBegin(byte first)
    {
        if (first is (byte)'C' or (byte)'c')
        {
            return true;
        }

        return _node.Access.NoAuthUser is { } user && Enter(user, _node.Access) == LoginOutcome.Accepted;
    }

    /// <summary>Takes what a CONNECT with the argument <paramref name="json"/> proves.</summary>
    public LoginOutcome Login(ReadOnlySpan<byte> json, long now)
    {
        AccessControl access = _node.Access;
        if (_isOwn)
        {
            return LoginOutcome.Accepted;
        }

        if (!access.IsRequired)
        {
            return IsUndecided ? Enter(null, access) : LoginOutcome.Accepted;
        }

        if (Channel is { } channel && (channel.MapsCertificate ?? access.Settings.MapsCertificates))
        {
            return access.FindByCertificate(channel.CertificateNames) is { } named ? Enter(named, access) : LoginOutcome.Refused;
        }

        if (Credentials.Read(json) is not { } credentials)
        {
            return LoginOutcome.Malformed;
        }

        if (credentials.IsEmpty)
        {
            // A later CONNECT changes only what it names.
            return !IsUndecided ? LoginOutcome.Accepted : access.NoAuthUser is { } anybody ? Enter(anybody, access) : LoginOutcome.Refused;
        }

        if (access.Find(credentials) is not { } claim)
        {
            return LoginOutcome.Refused;
        }

        if (!claim.Secret.IsSlow || (claim.User is not null && claim.Secret.IsKnown(credentials)))
        {
            bool proved = claim.Secret.IsSlow || claim.Secret.IsProved(credentials, [], null);
            return proved && claim.User is not null ? Enter(claim.User, access) : LoginOutcome.Refused;
        }

        LoginAttempt attempt = new(_client.Address, claim.User, claim.Secret, credentials, System.Text.Encoding.ASCII.GetBytes(_nonce), _client.Transport.GoOn);
        _pending = attempt;
        _decidedBy = access;
        _deadline = IsUndecided ? _deadline : now + (long)access.Settings.Timeout.TotalMilliseconds;
        if (_node.Logins?.TrySubmit(attempt) != true)
        {
            _pending = null;
            return LoginOutcome.TimedOut;
        }

        return LoginOutcome.Pending;
    }

    /// <summary>The proof that was waited for is made.</summary>
    public LoginOutcome Decide()
    {
        if (_pending is not { IsDone: true } attempt)
        {
            return LoginOutcome.Pending;
        }

        _pending = null;
        if (!attempt.IsProved)
        {
            return attempt.IsDisplaced ? LoginOutcome.TimedOut : LoginOutcome.Refused;
        }

        // Meanwhile another configuration may hold.
        AccessControl access = _node.Access;
        User? user = ReferenceEquals(access, _decidedBy) ? attempt.User : access.Successor(attempt.User!);
        return user is not null && user.IsSame(attempt.User!) ? Enter(user, access) : LoginOutcome.Refused;
    }

    /// <summary>Another configuration holds: whether the client may stay, with what it may do now.</summary>
    public LoginOutcome Reload()
    {
        AccessControl access = _node.Access;
        if (IsUndecided || _isOwn || _isReleased || ReferenceEquals(access, _decidedBy))
        {
            return LoginOutcome.Accepted;
        }

        if (User is not { } user)
        {
            return !access.IsRequired ? LoginOutcome.Accepted : access.NoAuthUser is { } anybody ? Enter(anybody, access) : LoginOutcome.Refused;
        }

        return access.Successor(user) is not { } successor ? LoginOutcome.Gone
            : successor.IsSame(user) ? Enter(successor, access) : LoginOutcome.Refused;
    }

    /// <summary>True if the client may publish to <paramref name="subject"/>.</summary>
    public bool MayPublish(ReadOnlySpan<byte> subject, long now)
    {
        if (_gate!.Allows(subject))
        {
            return true;
        }

        if (_replies is { } replies)
        {
            lock (_client.Outbound.Gate)
            {
                if (replies.TryUse(subject, now))
                {
                    return true;
                }
            }
        }

        _node.AccessCounters.CountPublish();
        return false;
    }

    /// <summary>True if the client may subscribe.</summary>
    public bool MaySubscribe(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> queue)
    {
        if (_permissions.IsUnlimited || _permissions.MaySubscribe(subject, queue))
        {
            return true;
        }

        _node.AccessCounters.CountSubscription();
        return false;
    }

    /// <summary>True if messages for the pattern <paramref name="subject"/> have to be asked for one by one.</summary>
    public bool Filters(ReadOnlySpan<byte> subject) => Volatile.Read(ref _permissions).FiltersWithin(subject);

    /// <summary>True unless a message on <paramref name="subject"/> is denied to the client. Any thread.</summary>
    public bool MayReceive(ReadOnlySpan<byte> subject) => Volatile.Read(ref _permissions).MayReceive(subject);

    /// <summary>A message with a reply subject was delivered. Called with the outbound queue's lock held, by any thread.</summary>
    public void NoteReply(ReadOnlySpan<byte> reply, long now) => _replies?.Note(reply, now);

    /// <summary>Gives up a login that waits, and all that it holds: the client is gone.</summary>
    public void Release()
    {
        _isReleased = true;
        _pending?.Cancel();
        _pending = null;
        Set(Permissions.All);
        _entered?.Leave();
        _entered = null;
    }

    private LoginOutcome Enter(User? user, AccessControl access)
    {
        Tenant? tenant = user is null ? _node.DefaultTenant : _node.Tenants.Find(System.Text.Encoding.UTF8.GetBytes(user.Tenant));
        if (tenant is null || (_entered is not null && _entered != tenant))
        {
            // It has subscriptions where it is, perhaps: whoever wants to be in another tenant connects anew.
            return LoginOutcome.Refused;
        }

        bool isFirst = _entered is null;
        if (isFirst)
        {
            if (!tenant.TryEnter())
            {
                return LoginOutcome.TenantIsFull;
            }

            _entered = tenant;
            _client.MoveTo(tenant);
        }

        User = user;
        IsUndecided = false;
        _decidedBy = access;
        if (!ReferenceEquals(user?.Permissions ?? Permissions.All, _permissions))
        {
            Set(user?.Permissions ?? Permissions.All);
        }

        if (isFirst)
        {
            _node.Watcher?.OnEntered(_client);
        }

        return LoginOutcome.Accepted;
    }

    private void Set(Permissions permissions)
    {
        MemoryAccount account = _client.Account;
        account.Release(MemoryUse.Connections, _gate is null ? 0 : PublishGate.MemoryBytes);
        bool limits = permissions.PublishAllow is not null || permissions.PublishDeny is not null;
        _gate = limits ? new PublishGate(permissions, _client.Tenant.Subscriptions.Hash, _client.Tenant.Directory is not null) : null;
        account.Charge(MemoryUse.Connections, limits ? PublishGate.MemoryBytes : 0);
        Volatile.Write(ref _permissions, permissions);
        lock (_client.Outbound.Gate)
        {
            _node.AccessCounters.CountForgottenReplies(_replies?.Forgotten ?? 0);
            _replies?.Release();
            Volatile.Write(ref _replies, permissions.Responses is { } rule ? Allow(rule, account) : null);
        }
    }

    private ReplyAllowance Allow(ResponseRule rule, MemoryAccount account)
    {
        (ulong first, ulong second) = _node.SubjectKeys;
        return new ReplyAllowance(rule, first, second, account);
    }
}
