namespace Causeway.Cli.Bench;

/// <summary>A connection that is held open: answers PING, and counts the PONGs it gets. It expects no messages.</summary>
internal sealed class Holder(RawConnection connection, ReadLoop loop, Tally tally) : Conversation(connection, loop)
{
    /// <summary>Sends lines as they are; on the loop's thread.</summary>
    public void Send(ReadOnlySpan<byte> lines)
    {
        Output.Append(lines);
        Flush();
    }

    public override void OnPong() => tally.AddPongs(1, ReadTimestamp);

    public override void OnMessage(ReadOnlySpan<byte> line) => OnError("a message came on a subject that nobody publishes to");

    public override void OnPayload(ReadOnlySpan<byte> part)
    {
    }

    public override void OnMessageEnd()
    {
    }
}
