namespace Causeway.Cli.Bench;

/// <summary>One connection of an <see cref="ReadLoop"/> and what it does with what it reads. Called on the loop's thread only.</summary>
internal abstract class Endpoint(RawConnection connection)
{
    public RawConnection Connection { get; } = connection;

    /// <summary>Its number within its loop.</summary>
    public int Token { get; set; }

    /// <summary>Why the run can't go on, or null.</summary>
    public abstract string? Failure { get; }

    /// <summary>Takes a block that was read at <paramref name="timestamp"/>.</summary>
    public abstract void OnRead(ReadOnlySpan<byte> data, long timestamp);

    /// <summary>The socket takes bytes again. Called only after <see cref="ReadLoop.WatchWrites"/>.</summary>
    public virtual void OnWritable() => throw new InvalidOperationException("no write was waited for");
}
