namespace Causeway.Core.Interest;

/// <summary>
/// Interest that travels as text: a tenant's pattern, or a literal or pattern with a queue group. Immutable; equal by content.
/// </summary>
public sealed class InterestText : IEquatable<InterestText>
{
    /// <summary>Most bytes of tenant, subject and queue group together: one text always fits into a block.</summary>
    public const int MaxBytes = 7936;

    // An object's header and fields, and three arrays' headers: what the runtime takes beside the bytes.
    private const int ObjectBytes = 112;

    private readonly byte[] _tenant;
    private readonly byte[] _subject;
    private readonly byte[] _queue;

    /// <summary>Copies the parts; an empty <paramref name="queue"/> is none.</summary>
    public InterestText(ReadOnlySpan<byte> tenant, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> queue = default)
    {
        if (!Fits(tenant, subject, queue))
        {
            throw new ArgumentException(
                $"tenant, subject and queue group have {(long)tenant.Length + subject.Length + queue.Length} bytes; accepted are 1 to {MaxBytes}, with a subject",
                nameof(subject));
        }

        _tenant = tenant.SequenceEqual(DefaultTenant) ? DefaultTenantArray : tenant.ToArray();
        _subject = subject.ToArray();
        _queue = queue.ToArray();
    }

    /// <summary>The tenant that is left out on the wire, being the usual one.</summary>
    public static ReadOnlySpan<byte> DefaultTenant => "$G"u8;

    /// <summary>The tenant's name.</summary>
    public ReadOnlySpan<byte> Tenant => _tenant;

    /// <summary>The literal or pattern.</summary>
    public ReadOnlySpan<byte> Subject => _subject;

    /// <summary>The queue group, or empty.</summary>
    public ReadOnlySpan<byte> Queue => _queue;

    /// <summary>True if the members of a queue group share the messages.</summary>
    public bool HasQueue => _queue.Length > 0;

    internal int MemoryBytes => ObjectBytes + _subject.Length + _queue.Length + (ReferenceEquals(_tenant, DefaultTenantArray) ? 0 : _tenant.Length);

    private static byte[] DefaultTenantArray { get; } = DefaultTenant.ToArray();

    /// <summary>True if a text can be made of the parts.</summary>
    public static bool Fits(ReadOnlySpan<byte> tenant, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> queue) =>
        !subject.IsEmpty && (long)tenant.Length + subject.Length + queue.Length <= MaxBytes;

    /// <inheritdoc/>
    public bool Equals(InterestText? other) =>
        other is not null && Tenant.SequenceEqual(other.Tenant) && Subject.SequenceEqual(other.Subject) && Queue.SequenceEqual(other.Queue);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as InterestText);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(_tenant);
        hash.AddBytes(_subject);
        hash.AddBytes(_queue);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Show(_tenant)} {Show(_subject)}{(HasQueue ? " " + Show(_queue) : "")}";

    private static string Show(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);
}
