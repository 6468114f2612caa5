using System.Buffers.Text;
using Causeway.Core.Interest;

namespace Causeway.Core.Leafs;

/// <summary>
/// Tells one leaf or hub what is wanted, from its tenant's tables and when the connection can take it: its memory is the same whatever
/// changes, and however long the other side does not read. Belongs to the loop of the leafs.
/// </summary>
internal sealed class LeafTeller
{
    /// <summary>Room that a call to <see cref="Write"/> needs at least: the longest line.</summary>
    public const int LeastRoomBytes = InterestText.MaxBytes + 64;

    private const int EntriesAtOnce = 32;

    private readonly LeafSession _session;
    private readonly LeafTenant _tenant;
    private readonly Walk[] _walks;
    private bool _begun;

    public LeafTeller(LeafSession session, LeafTenant tenant)
    {
        _session = session;
        _tenant = tenant;
        _walks = [new Walk(tenant.Clients), new Walk(tenant.Leafs)];
    }

    /// <summary>True once all that was wanted when it began has been written.</summary>
    public bool IsThrough => _begun && Array.TrueForAll(_walks, walk => walk.IsThrough);

    /// <summary>True if the tables did not wait any longer: the connection has to begin anew.</summary>
    public bool IsLost => Array.Exists(_walks, walk => walk.IsLost);

    /// <summary>Changes that the other side may not know of; an upper bound, since one entry may have changed often.</summary>
    public long Lag => _walks.Sum(walk => walk.Lag);

    /// <summary>Writes lines, whole ones only, and returns their bytes; 0 if there is nothing to tell.</summary>
    public int Write(Span<byte> room, out int lines)
    {
        lines = 0;
        int at = 0;
        if (!_begun)
        {
            _begun = true;
            WriteLine(room, ref at, true, _tenant.LoopSubject, default);
            // Replies to requests that crossed links or this connection find their way by this alone.
            WriteLine(room, ref at, true, "_CW_.>"u8, default);
            lines = 2;
        }

        foreach (Walk walk in _walks)
        {
            while (walk.TryPeek(out TextEntry entry))
            {
                if (room.Length - at < LeastRoomBytes)
                {
                    return at;
                }

                walk.Skip();
                ReadOnlySpan<byte> subject = entry.Text.Subject;
                ReadOnlySpan<byte> queue = entry.Text.Queue;
                if (_session.MayTell(subject) && IsToBeTold(walk, entry.Text, out bool present))
                {
                    WriteLine(room, ref at, present, subject, queue);
                    lines++;
                }
            }
        }

        return at;
    }

    /// <summary>Lets go of the tables.</summary>
    public void Release()
    {
        foreach (Walk walk in _walks)
        {
            walk.Release();
        }
    }

    /// <summary>
    /// What the other side wants itself it is not told of, unless somebody else wants it too. What nobody wants any more need not be said
    /// to one who never heard of it.
    /// </summary>
    private bool IsToBeTold(Walk walk, InterestText text, out bool present)
    {
        present = _tenant.Clients.Contains(text) || _tenant.IsWantedByOthers(_session, text.Subject, text.Queue);
        return present || (walk.IsDelta && !_session.Subscriptions!.Has(text.Subject, text.Queue));
    }

    private static void WriteLine(Span<byte> room, ref int at, bool present, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> queue)
    {
        Put(room, ref at, present ? "LS+ "u8 : "LS- "u8);
        Put(room, ref at, subject);
        if (!queue.IsEmpty)
        {
            Put(room, ref at, " "u8);
            Put(room, ref at, queue);
            if (present)
            {
                Put(room, ref at, " "u8);
                Utf8Formatter.TryFormat(1, room[at..], out int digits);
                at += digits;
            }
        }

        Put(room, ref at, "\r\n"u8);
    }

    private static void Put(Span<byte> room, ref int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(room[at..]);
        at += bytes.Length;
    }

    /// <summary>One table's entries, first all that are present, then what changes.</summary>
    private sealed class Walk(InterestTable table)
    {
        private readonly InterestCursor _cursor = table.Register();
        private readonly TextEntry[] _entries = new TextEntry[EntriesAtOnce];
        private ulong _at = InterestPosition.TextStart;
        private ulong _target = table.Version;
        private ulong? _since;
        private ulong _toldTo;
        private int _next;
        private int _count;
        private bool _isWalking = true;

        public bool IsThrough { get; private set; }

        public bool IsLost => _cursor.IsLost;

        public bool IsDelta => _since is not null;

        public long Lag => (long)(table.Version - Math.Min(table.Version, _cursor.Version));

        public bool TryPeek(out TextEntry entry)
        {
            entry = default;
            while (_next == _count)
            {
                if (!_isWalking && !TryBegin())
                {
                    return false;
                }

                _next = 0;
                _count = _at < InterestPosition.End ? table.WalkTexts(ref _at, InterestPosition.End, _since, _entries) : 0;
                if (_count == 0)
                {
                    Finish();
                }
            }

            entry = _entries[_next];
            return true;
        }

        public void Skip() => _entries[_next++] = default;

        public void Release() => table.Release(_cursor);

        private bool TryBegin()
        {
            _target = table.Version;
            if (_target == _toldTo)
            {
                return false;
            }

            _since = _toldTo;
            _at = InterestPosition.TextStart;
            _isWalking = true;
            return true;
        }

        private void Finish()
        {
            _isWalking = false;
            _toldTo = _target;
            IsThrough = true;
            table.Advance(_cursor, _target);
        }
    }
}
