namespace Causeway.Core.Interest;

/// <content>Cursors and the tombstones that they keep.</content>
public sealed partial class InterestTable
{
    /// <summary>Registers a cursor at the present version.</summary>
    public InterestCursor Register()
    {
        lock (_lock)
        {
            InterestCursor cursor = new(_version);
            _cursors.Add(cursor);
            return cursor;
        }
    }

    /// <summary>Registers a cursor at <paramref name="version"/>, or returns null if a delta from there would not be complete.</summary>
    public InterestCursor? TryRegister(ulong version)
    {
        lock (_lock)
        {
            // A purge that is running will take what is below its floor, though the horizon is not there yet.
            if (version < _horizon || version > _version || (_purging && version < _purgeFloor))
            {
                return null;
            }

            InterestCursor cursor = new(version);
            _cursors.Add(cursor);
            return cursor;
        }
    }

    /// <summary>Moves a cursor forward: the other end knows all up to <paramref name="version"/>.</summary>
    public void Advance(InterestCursor cursor, ulong version)
    {
        lock (_lock)
        {
            if (cursor.IsLost || version <= cursor.Version)
            {
                return;
            }

            cursor.Version = Math.Min(version, _version);
        }

        Purge();
    }

    /// <summary>Ends a cursor: nothing is kept for it any longer.</summary>
    public void Release(InterestCursor cursor)
    {
        lock (_lock)
        {
            _cursors.Remove(cursor);
            cursor.IsLost = true;
        }

        Purge();
    }

    /// <summary>Takes out the tombstones that no cursor needs, a slice at a time.</summary>
    private void Purge()
    {
        lock (_lock)
        {
            if (!BeginPurge())
            {
                return;
            }
        }

        bool more = true;
        while (more)
        {
            lock (_lock)
            {
                more = PurgeSlice(LeavesPerSlice);
                Settle();
            }
        }
    }

    /// <summary>Gives up the cursors that lag most. Those that lag equally go together: one alone would free nothing.</summary>
    private void Evict()
    {
        ulong floor = Floor();
        for (int i = _cursors.Count - 1; i >= 0; i--)
        {
            if (_cursors[i].Version == floor)
            {
                _cursors[i].IsLost = true;
                _cursors.RemoveAt(i);
                Evictions++;
            }
        }

        BeginPurge();
        PurgeSlice(LeavesPerChange);
    }

    /// <summary>The version that all cursors have passed.</summary>
    public ulong OldestCursor
    {
        get
        {
            lock (_lock)
            {
                return Floor();
            }
        }
    }

    private ulong Floor()
    {
        ulong floor = _version;
        foreach (InterestCursor cursor in _cursors)
        {
            floor = Math.Min(floor, cursor.Version);
        }

        return floor;
    }

    /// <summary>Begins a purge up to the lowest cursor if there is anything new to purge.</summary>
    private bool BeginPurge()
    {
        ulong floor = Floor();
        if (Tombstones == 0 || (floor <= _purgeFloor && !_purging))
        {
            return _purging;
        }

        // A purge that is running begins anew only with something to gain.
        if (floor > _purgeFloor)
        {
            _purging = true;
            _purgeFloor = floor;
            _purgeAt = 0;
        }

        return true;
    }

    /// <summary>Purges at most <paramref name="leaves"/> leaves; true if more are left.</summary>
    private bool PurgeSlice(int leaves)
    {
        while (_purging && leaves-- > 0)
        {
            if (_purgeAt < InterestPosition.LiteralEnd)
            {
                _purgeAt = PurgeLiterals(_purgeAt);
            }
            else
            {
                _purgeAt = PurgeTexts(_purgeAt);
                _purging = _purgeAt != InterestPosition.End;
            }
        }

        return _purging;
    }

    private ulong PurgeLiterals(ulong at)
    {
        if (_literals.NextPurgeable(at << InterestPosition.LiteralShift, _purgeFloor) is not { } leaf)
        {
            return InterestPosition.TextStart;
        }

        ulong next = (leaf.High >> InterestPosition.LiteralShift) + 1;
        Forget(_literals.Purge(leaf, _purgeFloor));
        return next >= InterestPosition.LiteralEnd ? InterestPosition.TextStart : next;
    }

    private ulong PurgeTexts(ulong at)
    {
        if (_texts.NextPurgeable(at << 1, _purgeFloor) is not { } leaf)
        {
            return InterestPosition.End;
        }

        ulong next = InterestPosition.TextStart | ((leaf.High >> 1) + 1);
        bool last = leaf.High == ulong.MaxValue;
        foreach (ref TextSlot slot in leaf.Entries)
        {
            if (slot.References == 0 && slot.Stamp >> 1 <= _purgeFloor)
            {
                _textBytes -= slot.Text.MemoryBytes;
            }
        }

        Forget(_texts.Purge(leaf, _purgeFloor));
        return last ? InterestPosition.End : next;
    }

    private void Forget(ulong version)
    {
        if (version > _horizon)
        {
            Volatile.Write(ref _horizon, version);
        }
    }
}
