using System.Runtime.CompilerServices;
using System.Text;
using Causeway.Core.Clients;

namespace Causeway.Core.Subscriptions;

/// <summary>
/// What a client, or a node or region beyond a link, asked for: a subject, a subscription id, perhaps a queue group and a limit. Kept small, as there may be millions.
/// The links to its neighbours belong to the <see cref="SubscriptionIndex"/> and are guarded by its lock; the counts are guarded
/// by the lock of the client's outbound queue.
/// </summary>
public sealed class Subscription
{
    /// <summary>The <see cref="MaxMessages"/> of one that is over.</summary>
    internal const long Ended = -1;

    // "subject sid ": a literal's MSG line is this behind "MSG ", a pattern's takes " sid " from it.
    private readonly byte[] _text;
    private readonly int _subjectLength;

    /// <summary>Creates a subscription of <paramref name="subscriber"/>.</summary>
    public Subscription(Subscriber subscriber, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> sid, QueueGroupName? queue, bool isPattern)
    {
        Subscriber = subscriber;
        Queue = queue;
        IsPattern = isPattern;
        _subjectLength = subject.Length;
        _text = GC.AllocateUninitializedArray<byte>(subject.Length + sid.Length + 2);
        subject.CopyTo(_text);
        _text[subject.Length] = (byte)' ';
        sid.CopyTo(_text.AsSpan(subject.Length + 1));
        _text[^1] = (byte)' ';
    }

    /// <summary>Who asked.</summary>
    public Subscriber Subscriber { get; }

    /// <summary>The client that asked: for subscriptions in an index of clients, which all but those of remote interest are.</summary>
    public ClientSession Client => Unsafe.As<ClientSession>(Subscriber);

    /// <summary>The queue group, or null. Groups of one name in one tenant share the object.</summary>
    public QueueGroupName? Queue { get; }

    /// <summary>True if the subject has wildcards.</summary>
    public bool IsPattern { get; }

    /// <summary>True if some of the subjects that the pattern stands for are denied to the client, so that each message is to be asked for.</summary>
    internal bool IsFiltered { get; set; }

    /// <summary>The subject or pattern.</summary>
    public ReadOnlySpan<byte> Subject => _text.AsSpan(0, _subjectLength);

    /// <summary>The id that the client gave it.</summary>
    public ReadOnlySpan<byte> Sid => _text.AsSpan(_subjectLength + 1, _text.Length - _subjectLength - 2);

    /// <summary>Messages after which it ends by itself; 0 for never, -1 once it is over.</summary>
    public long MaxMessages { get; internal set; }

    /// <summary>True if it takes no more messages.</summary>
    internal bool IsOver => MaxMessages != 0 && Delivered >= MaxMessages;

    /// <summary>Messages delivered.</summary>
    public long Delivered { get; internal set; }

    /// <summary>
    /// Bytes of memory that it takes with its places in the tables, by the runtime's object layout. What may be shared with others,
    /// the branches of the trie and the name of the queue group, is booked as if it were its own: memory can't be less than that.
    /// </summary>
    public int MemoryBytes => ObjectBytes + ((_text.Length + 7) & ~7) + BranchBytes + QueueBytes;

    /// <summary><c>subject sid </c> for a literal, which begins each of its MSG lines.</summary>
    internal ReadOnlySpan<byte> SubjectAndSid => _text;

    /// <summary><c> sid </c></summary>
    internal ReadOnlySpan<byte> SidField => _text.AsSpan(_subjectLength);

    /// <summary>True once it was taken out of the index.</summary>
    internal bool Removed { get; set; }

    /// <summary>The next subscription to the same subject.</summary>
    internal Subscription? Next { get; set; }

    /// <summary>The one before.</summary>
    internal Subscription? Previous { get; set; }

    /// <summary>The object with its header (80), the text's header (24), and two table places at their usual fill (2 x 12).</summary>
    private const int ObjectBytes = 128;

    /// <summary>A node of the trie (56), its dictionary of one entry (about 200), and the token's text (40).</summary>
    private const int NodeBytes = 300;

    /// <summary>The name's object and text header (72) and its place in the dictionary, which may be half empty (56).</summary>
    private const int QueueNameBytes = 128;

    /// <summary>A node for each token but the first, which is hardly ever its own; the last has no dictionary.</summary>
    private int BranchBytes => IsPattern ? Math.Max(0, (Subject.Count(Subjects.Subject.Separator) * NodeBytes) - (NodeBytes / 3)) : 0;

    private int QueueBytes => Queue is null ? 0 : QueueNameBytes + Queue.Name.Length;

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(_text);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool HasSubject(ReadOnlySpan<byte> subject) => subject.Length == _subjectLength && Subject.SequenceEqual(subject);
}
