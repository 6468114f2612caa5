namespace Causeway.Cli.Bench;

/// <summary>What the endpoints of one loop have got, together. Written by the loop's thread, read by others.</summary>
internal sealed class Tally
{
    private long _delivered;
    private long _pongs;
    private long _last;

    public long Delivered => Volatile.Read(ref _delivered);

    /// <summary>PONGs that publishers got: each says that the server has handled all that publisher sent before.</summary>
    public long Pongs => Volatile.Read(ref _pongs);

    /// <summary>When the last of them was read.</summary>
    public long LastTimestamp => Volatile.Read(ref _last);

    public void AddDelivered(long messages, long timestamp)
    {
        Volatile.Write(ref _delivered, _delivered + messages);
        Volatile.Write(ref _last, timestamp);
    }

    public void AddPongs(long pongs, long timestamp)
    {
        Volatile.Write(ref _pongs, _pongs + pongs);
        Volatile.Write(ref _last, timestamp);
    }
}
