namespace Causeway.Cli.Bench;

/// <summary>
/// A publisher's connection. The read loop reads it; what it publishes, and the answers to the server's PINGs between two frames,
/// are sent by the <see cref="PublishLoop"/>.
/// </summary>
internal sealed class Publisher(RawConnection connection, PublishStream stream, Tally tally) : Endpoint(connection)
{
    private readonly FrameCounter _counter = new(template: null);

    public PublishStream Stream { get; } = stream;

    public override string? Failure =>
        _counter.Error ?? (_counter.Messages > 0 ? "a publisher got a message that it did not subscribe to" : null);

    public override void OnRead(ReadOnlySpan<byte> data, long timestamp)
    {
        long pings = _counter.Pings;
        long pongs = _counter.Pongs;
        _counter.Feed(data);
        Stream.OwePongs((int)(_counter.Pings - pings));
        if (_counter.Pongs > pongs)
        {
            tally.AddPongs(_counter.Pongs - pongs, timestamp);
        }
    }
}
