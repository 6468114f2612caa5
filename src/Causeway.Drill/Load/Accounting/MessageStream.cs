namespace Causeway.Drill.Load.Accounting;

/// <summary>
/// What one client publishes to one room over one connection, numbered from 0. A connection that breaks ends the stream: what a client
/// sent last before may have been on its way to a node that died, and nobody owes it.
/// </summary>
internal sealed class MessageStream(int id, object publisher, string region)
{
    private long _sent;
    private volatile bool _hasEnded;

    /// <summary>Tells streams apart.</summary>
    public int Id => id;

    /// <summary>Who publishes; what a client publishes does not come back to it.</summary>
    public object Publisher => publisher;

    /// <summary>The region whose node the publisher is connected to.</summary>
    public string Region => region;

    /// <summary>Messages published: the number of the next one.</summary>
    public long Sent => Volatile.Read(ref _sent);

    /// <summary>True once the publisher's connection has ended.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>The publisher's connection has ended.</summary>
    public void End() => _hasEnded = true;

    /// <summary>A message was published. One thread at a time.</summary>
    public void CountSent() => Volatile.Write(ref _sent, _sent + 1);
}
