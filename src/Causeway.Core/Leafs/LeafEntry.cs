using System.Text;
using Causeway.Core.Access;
using Causeway.Core.Clients;
using Causeway.Core.Links;

namespace Causeway.Core.Leafs;

/// <summary>
/// Finds out who a server is that dialled in as a leaf, and which tenant it belongs to. Belongs to the loop of the leafs; a proof that
/// takes long is made on another thread.
/// </summary>
internal sealed class LeafEntry(LeafTable table, ILaneTransport transport, string nonce)
{
    private LoginAttempt? _pending;

    /// <summary>Who it has proved to be; null for nobody in particular.</summary>
    public User? User { get; private set; }

    /// <summary>The tenant that it belongs to, once it is accepted.</summary>
    public string? Tenant { get; private set; }

    /// <summary>Takes what a CONNECT with the argument <paramref name="json"/> proves.</summary>
    public LoginOutcome Login(ReadOnlySpan<byte> json)
    {
        AccessControl access = table.Access;
        if (!access.IsRequired)
        {
            return Enter(null);
        }

        if (Credentials.Read(json) is not { } credentials)
        {
            return LoginOutcome.Malformed;
        }

        if (credentials.IsEmpty)
        {
            return access.NoAuthUser is { } anybody ? Enter(anybody) : LoginOutcome.Refused;
        }

        if (access.Find(credentials) is not { } claim)
        {
            return LoginOutcome.Refused;
        }

        if (!claim.Secret.IsSlow || (claim.User is not null && claim.Secret.IsKnown(credentials)))
        {
            bool proved = claim.Secret.IsSlow || claim.Secret.IsProved(credentials, [], null);
            return proved && claim.User is not null ? Enter(claim.User) : LoginOutcome.Refused;
        }

        _pending = new LoginAttempt(transport.RemoteAddress, claim.User, claim.Secret, credentials, Encoding.ASCII.GetBytes(nonce), transport.Wake);
        return table.Node.Logins?.TrySubmit(_pending) == true ? LoginOutcome.Pending : LoginOutcome.TimedOut;
    }

    /// <summary>What came of the proof that was waited for.</summary>
    public LoginOutcome Decide()
    {
        if (_pending is not { IsDone: true } attempt)
        {
            return LoginOutcome.Pending;
        }

        _pending = null;
        return attempt.IsProved ? Enter(attempt.User) : attempt.IsDisplaced ? LoginOutcome.TimedOut : LoginOutcome.Refused;
    }

    /// <summary>Gives up what waits.</summary>
    public void Cancel() => _pending?.Cancel();

    private LoginOutcome Enter(User? user)
    {
        User = user;
        Tenant = user?.Tenant ?? table.DefaultTenant;
        return LoginOutcome.Accepted;
    }
}
