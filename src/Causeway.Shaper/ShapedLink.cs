using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Causeway.Shaper;

/// <summary>
/// A link without a listener of its own: it carries connections that others have accepted, each to its own target, all under the
/// same conditions. Forward is from who connected to the target. All can be changed while it runs, from any thread.
/// </summary>
public sealed class ShapedLink : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ShapedConnection, Task> _connections = [];
    private long _carried;
    private long _refused;
    private long _cuts;
    private volatile bool _disposed;

    /// <summary>Creates a link with the same conditions both ways.</summary>
    public ShapedLink(LinkConditions? conditions = null)
    {
        Forward = new LinkDirection(conditions ?? new LinkConditions(), ResetLost);
        Backward = new LinkDirection(conditions ?? new LinkConditions(), ResetLost);
    }

    /// <summary>From who connects to the target.</summary>
    public LinkDirection Forward { get; }

    /// <summary>From the target to who connects.</summary>
    public LinkDirection Backward { get; }

    /// <summary>The conditions of both directions; reads those of <see cref="Forward"/>.</summary>
    public LinkConditions Conditions
    {
        get => Forward.Conditions;
        set
        {
            Forward.Conditions = value;
            Backward.Conditions = value;
        }
    }

    /// <summary>Connections taken so far.</summary>
    public long Accepted => Volatile.Read(ref _carried);

    /// <summary>Connections reset because there were too many.</summary>
    public long BeyondLimit => Volatile.Read(ref _refused);

    /// <summary>How often <see cref="Cut"/> was called.</summary>
    public long Cuts => Volatile.Read(ref _cuts);

    /// <summary>Connections now, those that hang before the target included.</summary>
    public int Connections => _connections.Count;

    /// <summary>
    /// Takes over an accepted connection and carries it to <paramref name="target"/>, which need not listen yet; resets it where there
    /// are too many already, or the link is gone.
    /// </summary>
    public void Carry(Socket accepted, IPEndPoint target)
    {
        ArgumentNullException.ThrowIfNull(accepted);
        if (_disposed || _connections.Count >= ShaperLimits.ConnectionsMax)
        {
            Interlocked.Increment(ref _refused);
            ShapedConnection.Abort(accepted);
            return;
        }

        Interlocked.Increment(ref _carried);
        ShapedConnection connection = new(accepted, Forward, Backward);
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[connection] = ended.Task;
        _ = Task.Run(async () =>
        {
            await connection.RunAsync(target).ConfigureAwait(false);
            connection.Dispose();
            _connections.TryRemove(connection, out _);
            ended.SetResult();
        });
        if (_disposed)
        {
            connection.Reset();
        }
    }

    /// <summary>Nothing is read or delivered, in both directions; new connections hang.</summary>
    public void Stall() => SetFlow(Flow.Stall);

    /// <summary>Both directions drop what they read and tell no one, as where a firewall forgets its connections; new ones hang.</summary>
    public void HalfOpen() => SetFlow(Flow.Swallow);

    /// <summary>Both directions pass. Connections that lost something are reset.</summary>
    public void Resume() => SetFlow(Flow.Pass);

    /// <summary>Resets all connections; new ones are carried.</summary>
    public void Cut()
    {
        Interlocked.Increment(ref _cuts);
        foreach (ShapedConnection connection in _connections.Keys)
        {
            connection.Reset();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        foreach ((ShapedConnection connection, Task running) in _connections)
        {
            connection.Reset();
            await running.ConfigureAwait(false);
        }
    }

    private void SetFlow(Flow flow)
    {
        Forward.Flow = flow;
        Backward.Flow = flow;
    }

    /// <summary>Where both directions tell ends again, streams with holes end.</summary>
    private void ResetLost()
    {
        if (Forward.Flow == Flow.Swallow || Backward.Flow == Flow.Swallow)
        {
            return;
        }

        foreach (ShapedConnection connection in _connections.Keys)
        {
            if (connection.Lost)
            {
                connection.Reset();
            }
        }
    }
}
