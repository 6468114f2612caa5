using Causeway.Core.Regions;
using Causeway.Core.Subjects;

namespace Causeway.Core.Access;

/// <summary>
/// Asks what one client may publish, with a memory of the subjects it used last. On the way of every message of a client with limits,
/// so it allocates nothing. Belongs to the client's thread.
/// </summary>
internal sealed class PublishGate
{
    /// <summary>Bytes that it takes, by which it is booked.</summary>
    public const int MemoryBytes = (SlotCount * (SlotBytes + sizeof(byte) + sizeof(bool))) + 128;

    private const int SlotCount = 32;
    private const int SlotBytes = 64;

    private readonly Permissions _permissions;
    private readonly ByteHash _hash;
    private readonly bool _hasLinks;
    private readonly byte[] _subjects = new byte[SlotCount * SlotBytes];
    private readonly byte[] _lengths = new byte[SlotCount];
    private readonly bool[] _allowed = new bool[SlotCount];

    public PublishGate(Permissions permissions, ByteHash hash, bool hasLinks)
    {
        _permissions = permissions;
        _hash = hash;
        _hasLinks = hasLinks;
    }

    /// <summary>True if the lists allow <paramref name="subject"/>.</summary>
    public bool Allows(ReadOnlySpan<byte> subject)
    {
        if (subject.Length is 0 or > SlotBytes)
        {
            return Ask(subject);
        }

        int slot = (int)(_hash.Of(subject) % SlotCount);
        Span<byte> kept = _subjects.AsSpan(slot * SlotBytes, SlotBytes);
        if (_lengths[slot] != subject.Length || !kept[..subject.Length].SequenceEqual(subject))
        {
            subject.CopyTo(kept);
            _lengths[slot] = (byte)subject.Length;
            _allowed[slot] = Ask(subject);
        }

        return _allowed[slot];
    }

    /// <summary>A reply that goes back over links is for the subject behind its way: the lists speak of that.</summary>
    private bool Ask(ReadOnlySpan<byte> subject) =>
        _permissions.MayPublish(_hasLinks && ReturnPath.TryRead(subject, out _, out _, out ReadOnlySpan<byte> reply) ? reply : subject);
}
