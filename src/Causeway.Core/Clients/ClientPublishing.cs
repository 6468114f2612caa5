using System.Runtime.CompilerServices;
using Causeway.Core.Delivery;
using Causeway.Core.Protocol;
using Causeway.Core.Routing;
using Causeway.Core.Subjects;

namespace Causeway.Core.Clients;

/// <summary>Takes the messages that one client publishes: counts, checks, routes, and answers what nobody else does. The client's own thread.</summary>
internal sealed class ClientPublishing(ClientSession client, ClientAccess access, ClientLines lines)
{
    /// <summary>Messages published.</summary>
    public long Messages { get; private set; }

    /// <summary>Bytes of headers and payload published.</summary>
    public long Bytes { get; private set; }

    /// <summary>Publishes the message of <paramref name="command"/> in <paramref name="data"/>.</summary>
    public void Publish(ReadOnlySpan<byte> data, in Command command, DeliveryBatch batch)
    {
        Messages++;
        Bytes += command.PayloadLength;
        ConnectOptions options = client.Options;
        ReadOnlySpan<byte> subject = data.Slice(command.SubjectStart, command.SubjectLength);
        if ((options.Verbose || options.Pedantic || access.LimitsPublishing) && !CheckAndAcknowledge(subject, batch))
        {
            return;
        }

        // A header block of no bytes is no header block: the message goes out as MSG, as nats-server does it.
        bool passesOn = command.TailIsCanonical && (command.Verb == Verb.Pub || command.HeaderLength > 0);
        Message message = passesOn
            ? new Message(subject, data[command.TailStart..command.Length], command.PayloadLength, command.HeaderLength, command.ReplyLength)
            : batch.Rewriter.Canonical(data, command);
        int delivered = message.HasHeaders && client.Node.Tracing is { } tracing
            ? tracing.Publish(client, message, batch)
            : Router.Publish(client, message, batch);
        if (command.ReplyLength > 0 && (delivered == 0 || subject[0] == (byte)'$'))
        {
            Answer(data, command, delivered, batch);
        }
    }

    /// <summary>Answers a request that the node itself answers, and one that nobody heard if the client wants to know.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Answer(ReadOnlySpan<byte> data, in Command command, int delivered, DeliveryBatch batch)
    {
        ReadOnlySpan<byte> subject = data.Slice(command.SubjectStart, command.SubjectLength);
        ReadOnlySpan<byte> reply = data.Slice(command.ReplyStart, command.ReplyLength);
        ReadOnlySpan<byte> body = data.Slice(command.PayloadStart + command.HeaderLength, command.PayloadLength - command.HeaderLength);
        if (client.Node.Questions is { } questions && subject.StartsWith("$SYS.REQ."u8) && IsTaken(questions, subject, reply, body, batch))
        {
            return;
        }

        byte[]? answer = subject.SequenceEqual(UserInfo.Subject) ? Router.Answer(client, reply, UserInfo.Answer(client), batch)
            : delivered == 0 && client.Options.NoResponders ? Router.NoResponders(client, reply, batch)
            : null;
        if (answer is not null)
        {
            lines.Send(answer);
            lines.TouchIfAppended(batch);
        }
    }

    /// <summary>True if the client asks of its own tenant, and will be answered.</summary>
    private bool IsTaken(ITenantQuestions questions, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> reply, ReadOnlySpan<byte> body, DeliveryBatch batch) =>
        Router.AnswerHead(client, reply, batch) is { } head && questions.TryAsk(client.Tenant, subject, body, payload =>
        {
            lines.Send(Router.Answer(head, payload));
            client.Transport.Flush();
        });

    /// <summary>The slow way for clients that have messages checked or acknowledged; false if this one may not be published.</summary>
    private bool CheckAndAcknowledge(ReadOnlySpan<byte> subject, DeliveryBatch batch)
    {
        ConnectOptions options = client.Options;
        if (options.Pedantic && !Subject.IsLiteral(subject))
        {
            lines.SendError(ProtocolError.InvalidPublishSubject);
        }

        if (access.LimitsPublishing && !access.MayPublish(subject, batch.NowMilliseconds))
        {
            lines.SendError(ProtocolError.PublishViolation(subject));
            lines.TouchIfAppended(batch);
            return false;
        }

        if (options.Verbose || options.Pedantic)
        {
            lines.Acknowledge(options);
            lines.TouchIfAppended(batch);
        }

        return true;
    }
}
