using System.Text;
using Causeway.Client.Protocol;

namespace Causeway.Client.Connections;

/// <summary>What a message must keep to before it is written into the outgoing stream.</summary>
internal static class PublishRules
{
    // "HPUB ", blanks, two sizes and the line end; "SUB " with its number needs less.
    private const int LineRoom = 40;

    /// <summary>Checks a message against the rules for subjects and against what the server takes.</summary>
    /// <param name="session">Knows the server.</param>
    /// <param name="subject">Where to.</param>
    /// <param name="replyTo">Where a reply goes to; null for none.</param>
    /// <param name="headers">The headers, or null.</param>
    /// <param name="dataBytes">The size of the payload.</param>
    /// <param name="isOwnInbox">Whether <paramref name="replyTo"/> is the client's own inbox, right by construction, with its wildcard for a request's number.</param>
    public static void Check(Session session, string subject, string? replyTo, MessageHeaders? headers, int dataBytes, bool isOwnInbox = false)
    {
        ArgumentNullException.ThrowIfNull(subject);
        CheckSubject(session, subject);

        if (replyTo is not null && !isOwnInbox && SubjectRules.LiteralProblem(replyTo) is { } replyProblem)
        {
            throw new ArgumentException($"reply subject '{replyTo}' {replyProblem}", nameof(replyTo));
        }

        CheckLine(CommandEncoder.PublishLineBound(subject, replyTo), subject, replyTo);
        CheckSize(session, headers?.EncodedLength() ?? 0, dataBytes);
    }

    /// <summary>Checks that the server takes headers, if there are any, and so many bytes.</summary>
    public static void CheckSize(Session session, int headerBytes, int dataBytes)
    {
        ServerInfo server = session.Info;
        if (headerBytes > 0 && !server.SupportsHeaders)
        {
            throw new BusException($"the server {session.Server} takes no headers");
        }

        long bytes = headerBytes + (long)dataBytes;
        if (bytes > server.PayloadBytesMax)
        {
            throw new PayloadTooLargeException(bytes, server.PayloadBytesMax);
        }
    }

    /// <summary>The subject that was right last is so still: programs often publish to one many times.</summary>
    private static void CheckSubject(Session session, string subject)
    {
        if (ReferenceEquals(subject, session.Outbound.RightSubject))
        {
            return;
        }

        if (SubjectRules.LiteralProblem(subject) is { } problem)
        {
            throw new ArgumentException($"subject '{subject}' {problem}", nameof(subject));
        }

        session.Outbound.RightSubject = subject;
    }

    /// <summary>Checks that a control line is not longer than servers take.</summary>
    public static void CheckLine(int bound, string subject, string? other)
    {
        // The bound is up to three times the length: only where it is beyond the limit the bytes are worth counting.
        if (bound > ClientLimits.ControlLineBytesMax
            && Encoding.UTF8.GetByteCount(subject) + Encoding.UTF8.GetByteCount(other ?? string.Empty) + LineRoom > ClientLimits.ControlLineBytesMax)
        {
            throw new ArgumentException(
                $"a subject of {subject.Length} characters is too long: control lines have at most {ClientLimits.ControlLineBytesMax} bytes",
                nameof(subject));
        }
    }
}
