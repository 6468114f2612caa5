using System.Text;
using Causeway.Client.Protocol;

namespace Causeway.Client.Delivery;

/// <summary>Copies messages out of the receive buffer. The last subject is kept, since messages of one subject often come in a row.</summary>
/// <remarks>For the link's reader only.</remarks>
internal sealed class MessageFactory(BusClient client, string pattern)
{
    private readonly bool _isLiteral = !SubjectRules.HasWildcardToken(pattern);
    private string _lastSubject = pattern;

    /// <param name="message">The message.</param>
    /// <param name="subject">Its subject, where that is known as a string already.</param>
    public Message Create(in InboundMessage message, string? subject = null)
    {
        // One subscription without wildcards only ever gets its own subject.
        if (subject is null && !_isLiteral && !Ascii.Equals(message.Subject, _lastSubject))
        {
            _lastSubject = Encoding.UTF8.GetString(message.Subject);
        }

        return new Message(
            client,
            subject ?? _lastSubject,
            message.ReplyTo.IsEmpty ? null : Encoding.UTF8.GetString(message.ReplyTo),
            message.Headers.IsEmpty ? null : HeaderBlock.Read(message.Headers),
            message.Headers.Length,
            message.Payload.ToArray());
    }
}
