using System.Net;

namespace Causeway.Shaper;

/// <summary>
/// A link for tests and benchmarks: a TCP proxy on the loopback that delays, limits, stalls, swallows and cuts. Forward is from who
/// connects to it to the target. All can be changed while it runs, for each direction by itself.
/// </summary>
public sealed class LinkShaper : IAsyncDisposable
{
    private readonly ShapedLink _link;
    private readonly GatedListener _listener;

    private LinkShaper(IPEndPoint target, LinkConditions conditions, int port)
    {
        _link = new ShapedLink(conditions);
        _listener = new GatedListener(port, socket => _link.Carry(socket, target));
        _listener.Open();
    }

    /// <summary>Where to connect to.</summary>
    public IPEndPoint Address => _listener.Address;

    /// <summary>From who connects to the target.</summary>
    public LinkDirection Forward => _link.Forward;

    /// <summary>From the target to who connects.</summary>
    public LinkDirection Backward => _link.Backward;

    /// <summary>The conditions of both directions; reads those of <see cref="Forward"/>.</summary>
    public LinkConditions Conditions
    {
        get => _link.Conditions;
        set => _link.Conditions = value;
    }

    /// <summary>Connections accepted so far.</summary>
    public long Accepted => _link.Accepted;

    /// <summary>Connections reset because there were too many.</summary>
    public long BeyondLimit => _link.BeyondLimit;

    /// <summary>How often <see cref="Cut"/> was called.</summary>
    public long Cuts => _link.Cuts;

    /// <summary>Connections now, those that hang before the target included.</summary>
    public int Connections => _link.Connections;

    /// <summary>Starts a link to a target, which need not listen yet.</summary>
    /// <param name="target">Where connections lead.</param>
    /// <param name="conditions">The conditions of both directions.</param>
    /// <param name="port">The port to listen on, or 0 for any.</param>
    public static LinkShaper Start(IPEndPoint target, LinkConditions? conditions = null, int port = 0) =>
        new(target, conditions ?? new LinkConditions(), port);

    /// <summary>Nothing is read or delivered, in both directions; new connections hang.</summary>
    public void Stall() => _link.Stall();

    /// <summary>Both directions drop what they read and tell no one, as where a firewall forgets its connections; new ones hang.</summary>
    public void HalfOpen() => _link.HalfOpen();

    /// <summary>Both directions pass and new connections are accepted. Connections that lost something are reset.</summary>
    public void Resume()
    {
        _link.Resume();
        _listener.Open();
    }

    /// <summary>New connections are refused; those that exist go on.</summary>
    public void Refuse() => _listener.Shut();

    /// <summary>Resets all connections; new ones are accepted.</summary>
    public void Cut() => _link.Cut();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync().ConfigureAwait(false);
        await _link.DisposeAsync().ConfigureAwait(false);
    }
}
