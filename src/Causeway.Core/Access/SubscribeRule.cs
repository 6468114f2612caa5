using System.Text;

namespace Causeway.Core.Access;

/// <summary>
/// An entry of a subscribe list: a subject or pattern, alone or with a queue group behind it (<c>orders.* workers</c>), which may be a
/// pattern of tokens too. Without one it speaks of subscriptions with and without a group. Immutable.
/// </summary>
public sealed class SubscribeRule
{
    /// <summary>Reads an entry. Throws <see cref="ArgumentException"/> if it is not right.</summary>
    public SubscribeRule(string entry)
    {
        string[] parts = entry.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        byte[] subject = Encoding.UTF8.GetBytes(parts.Length > 0 ? parts[0] : "");
        byte[]? queue = parts.Length > 1 ? Encoding.UTF8.GetBytes(parts[1]) : null;
        if (parts.Length is 0 or > 2 || !Subjects.Subject.Check(subject, out _) || (queue is not null && !Subjects.Subject.Check(queue, out _)))
        {
            throw new ArgumentException($"'{entry}' is no entry of a subscribe list; accepted is a subject, or a subject, a blank and a queue group");
        }

        Subject = subject;
        Queue = queue;
    }

    /// <summary>The subject or pattern, in UTF-8.</summary>
    public ReadOnlyMemory<byte> Subject { get; }

    /// <summary>The queue group or a pattern of groups, null if it speaks of all.</summary>
    public byte[]? Queue { get; }

    /// <summary>True if it speaks of all that a subscription to <paramref name="subject"/> in <paramref name="queue"/> may bring.</summary>
    public bool Covers(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> queue) =>
        (Queue is null || (!queue.IsEmpty && PatternRelation.Covers(Queue, queue))) && PatternRelation.Covers(Subject.Span, subject);
}
