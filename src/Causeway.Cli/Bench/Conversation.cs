namespace Causeway.Cli.Bench;

/// <summary>A connection that answers what it reads: collects its output while a block is read and sends it in one call.</summary>
internal abstract class Conversation : Endpoint, IFrameHandler
{
    private readonly ReadLoop _loop;
    private readonly FrameScanner _scanner;
    private string? _failure;
    private bool _watching;

    protected Conversation(RawConnection connection, ReadLoop loop)
        : base(connection)
    {
        _loop = loop;
        _scanner = new FrameScanner(this);
    }

    public override string? Failure => _failure;

    protected OutputBuffer Output { get; } = new();

    /// <summary>When the block being handled was read.</summary>
    protected long ReadTimestamp { get; private set; }

    public override void OnRead(ReadOnlySpan<byte> data, long timestamp)
    {
        ReadTimestamp = timestamp;
        _scanner.Feed(data);
        Flush();
    }

    public override void OnWritable() => Flush();

    public abstract void OnMessage(ReadOnlySpan<byte> line);

    public abstract void OnPayload(ReadOnlySpan<byte> part);

    public abstract void OnMessageEnd();

    public void OnPing() => Output.Append("PONG\r\n"u8);

    public virtual void OnPong()
    {
    }

    public void OnInfo(ReadOnlySpan<byte> json)
    {
    }

    public void OnError(string error) => _failure ??= error;

    /// <summary>Sends the output, now or as soon as the socket takes it.</summary>
    public void Flush()
    {
        bool left = !Output.Flush(Connection);
        if (left != _watching)
        {
            _watching = left;
            _loop.WatchWrites(this, left);
        }
    }
}
