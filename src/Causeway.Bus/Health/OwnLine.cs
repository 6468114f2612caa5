using Causeway.Bus.Nodes;
using Causeway.Core.Routing;

namespace Causeway.Bus.Health;

/// <summary>
/// A connection of the node to itself that is opened again when it is needed and has ended, at most once for each time it is asked
/// for. One thread at a time uses it; <see cref="Dispose"/> may come from any.
/// </summary>
internal sealed class OwnLine(
    BusNode node, Tenant tenant, string name, IReadOnlyList<string> subjects, Func<OwnFrame, OwnClient, Task> onFrame, TimeSpan deadline, TimeProvider time) : IDisposable
{
    private OwnClient? _client;
    private bool _disposed;

    /// <summary>Publishes. Throws <see cref="IOException"/> with a reason if it can't within the deadline.</summary>
    public async Task PublishAsync(string subject, ReadOnlyMemory<byte> payload)
    {
        OwnClient client = await OpenAsync().ConfigureAwait(false);
        await client.PublishAsync(subject, payload, deadline, time).ConfigureAwait(false);
    }

    /// <summary>Ends the connection there is; the next use opens another.</summary>
    public void Close() => _client?.Dispose();

    public void Dispose()
    {
        _disposed = true;
        Close();
    }

    /// <summary>Opens the connection if it is not. Throws as <see cref="PublishAsync"/>.</summary>
    public async Task<OwnClient> OpenAsync()
    {
        if (_client is { IsOver: false } open)
        {
            return open;
        }

        ThrowIfDisposed();
        _client = await OwnClient.ConnectAsync(node, tenant, name, subjects, onFrame, deadline, time).ConfigureAwait(false);
        if (_disposed)
        {
            _client.Dispose();
        }

        ThrowIfDisposed();
        return _client;
    }

    private void ThrowIfDisposed()
    {
        if (_disposed)
        {
            throw new IOException("the node is leaving");
        }
    }
}
