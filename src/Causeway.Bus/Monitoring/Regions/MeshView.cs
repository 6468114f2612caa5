using Causeway.Bus.Nodes;

namespace Causeway.Bus.Monitoring.Regions;

/// <summary>Asks a node's mesh what it looks like, on the mesh's own thread, and waits a bounded time for the answer.</summary>
internal sealed class MeshView(BusNode node)
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private MeshSnapshot? _last;
    private long _lastAt;

    /// <summary>What the mesh looks like now; null on a node by itself. Throws <see cref="TimeoutException"/> if it does not say.</summary>
    public async Task<MeshSnapshot?> TakeAsync()
    {
        if (node.Mesh is not { } mesh)
        {
            return null;
        }

        try
        {
            return await mesh.AskAsync(_ => MeshSnapshot.Take(mesh, node.Options.Links!)).WaitAsync(AnswerTimeout).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is TimeoutException or ObjectDisposedException)
        {
            throw new TimeoutException($"the event loop of links did not answer within {AnswerTimeout.TotalSeconds:0} s", fault);
        }
    }

    /// <summary>
    /// What it looked like a moment ago, one question for all instruments that are read at a time; null on a node by itself or if it
    /// does not say.
    /// </summary>
    public MeshSnapshot? Recent()
    {
        if (node.Mesh is null)
        {
            return null;
        }

        lock (_lock)
        {
            if (_lastAt == 0 || TimeProvider.System.GetElapsedTime(_lastAt) >= MaxAge)
            {
                try
                {
                    _last = TakeAsync().GetAwaiter().GetResult();
                }
                catch (TimeoutException)
                {
                    // Metrics of links are left out then; /healthz and the pages tell of it.
                    _last = null;
                }

                _lastAt = TimeProvider.System.GetTimestamp();
            }

            return _last;
        }
    }
}
