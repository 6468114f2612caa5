namespace Causeway.Cli.Bench;

/// <summary>Sends each request's payload back to its reply subject.</summary>
internal sealed class Responder(RawConnection connection, ReadLoop loop) : Conversation(connection, loop)
{
    public override void OnMessage(ReadOnlySpan<byte> line)
    {
        MessageLine message = MessageLine.Parse(line);
        if (message.Reply.Length == 0)
        {
            OnError("a request came without a reply subject");
            return;
        }

        Output.Append("PUB "u8);
        Output.Append(message.Reply);
        Output.Append(" "u8);
        Output.Append(message.Size);
        Output.Append("\r\n"u8);
    }

    public override void OnPayload(ReadOnlySpan<byte> part) => Output.Append(part);

    public override void OnMessageEnd() => Output.Append("\r\n"u8);
}
