namespace Causeway.Cli.Bench;

/// <summary>A subscriber's connection: counts what comes and answers PING.</summary>
internal sealed class Subscriber(RawConnection connection, FrameCounter counter, Tally tally) : Endpoint(connection)
{
    private long _answered;

    public override string? Failure => counter.Error;

    public long Messages => counter.Messages;

    public override void OnRead(ReadOnlySpan<byte> data, long timestamp)
    {
        long before = counter.Messages;
        counter.Feed(data);
        long messages = counter.Messages - before;
        if (messages > 0)
        {
            tally.AddDelivered(messages, timestamp);
        }

        for (; _answered < counter.Pings; _answered++)
        {
            Connection.SendAll("PONG\r\n"u8);
        }
    }
}
