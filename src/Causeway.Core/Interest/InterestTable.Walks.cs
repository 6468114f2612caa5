namespace Causeway.Core.Interest;

/// <content>Walks in the order of positions.</content>
public sealed partial class InterestTable
{
    /// <summary>
    /// Collects literals from <paramref name="at"/> on, up to <paramref name="to"/>, each as fingerprint * 2 + 1 if present, and
    /// moves <paramref name="at"/> behind what was looked at. With <paramref name="since"/>, entries changed after that version;
    /// without, those that are present.
    /// </summary>
    internal int WalkLiterals(ref ulong at, ulong to, ulong? since, Span<ulong> into)
    {
        int found = 0;
        while (at < to)
        {
            lock (_lock)
            {
                InterestLeaf<LiteralSlot>? leaf = _literals.NextChanged(at << InterestPosition.LiteralShift, since ?? 0);
                if (leaf is null || leaf.Low >> InterestPosition.LiteralShift >= to)
                {
                    at = to;
                    break;
                }

                int before = found;
                int i = leaf.Find(at << InterestPosition.LiteralShift);
                i = i < 0 ? ~i : i;
                for (; i < leaf.Count; i++)
                {
                    ref LiteralSlot slot = ref leaf.Slots[i];
                    if (slot.Fingerprint >= to)
                    {
                        break;
                    }

                    if (since is null ? slot.References == 0 : slot.Stamp >> 1 <= since)
                    {
                        continue;
                    }

                    if (found == into.Length)
                    {
                        at = slot.Fingerprint;
                        Tell(found - before);
                        return found;
                    }

                    into[found++] = (slot.Fingerprint << 1) | (slot.References > 0 ? 1u : 0u);
                }

                Tell(found - before);
                at = Math.Min(to, (leaf.High >> InterestPosition.LiteralShift) + 1);
            }
        }

        return found;
    }

    /// <summary>As for literals; <paramref name="at"/> and <paramref name="to"/> are texts' positions.</summary>
    internal int WalkTexts(ref ulong at, ulong to, ulong? since, Span<TextEntry> into)
    {
        int found = 0;
        while (at < to)
        {
            lock (_lock)
            {
                InterestLeaf<TextSlot>? leaf = _texts.NextChanged(at << 1, since ?? 0);
                if (leaf is null || (InterestPosition.TextStart | (leaf.Low >> 1)) >= to)
                {
                    at = to;
                    break;
                }

                int before = found;
                int i = leaf.Find(at << 1);
                i = i < 0 ? ~i : i;
                for (; i < leaf.Count; i++)
                {
                    ref TextSlot slot = ref leaf.Slots[i];
                    if (slot.Position >= to)
                    {
                        break;
                    }

                    if (since is null ? slot.References == 0 : slot.Stamp >> 1 <= since)
                    {
                        continue;
                    }

                    if (found == into.Length)
                    {
                        at = slot.Position;
                        Tell(found - before);
                        return found;
                    }

                    into[found++] = new TextEntry(slot.Text, slot.Position, slot.References > 0);
                }

                Tell(found - before);
                at = leaf.High == ulong.MaxValue ? to : Math.Min(to, InterestPosition.TextStart | ((leaf.High >> 1) + 1));
            }
        }

        return found;
    }

    /// <summary>The digest of what is present from <paramref name="from"/> up to <paramref name="to"/>, both literals' or both texts'.</summary>
    public RangeDigest DigestOf(ulong from, ulong to)
    {
        RangeDigest digest = default;
        if (from >= InterestPosition.TextStart)
        {
            TextEntry[] texts = new TextEntry[InterestWire.MostTexts];
            while (from < to)
            {
                int found = WalkTexts(ref from, to, null, texts);
                for (int i = 0; i < found; i++)
                {
                    digest.Add(texts[i].Position);
                }
            }

            return digest;
        }

        Span<ulong> literals = stackalloc ulong[256];
        while (from < to)
        {
            foreach (ulong literal in literals[..WalkLiterals(ref from, to, null, literals)])
            {
                digest.Add(literal >> 1);
            }
        }

        return digest;
    }

    /// <summary>Makes all entries from <paramref name="from"/> up to <paramref name="to"/> absent, a leaf at a time.</summary>
    internal void RemoveRange(ulong from, ulong to)
    {
        while (from < Math.Min(to, InterestPosition.LiteralEnd))
        {
            from = RemoveLiterals(from, Math.Min(to, InterestPosition.LiteralEnd), int.MaxValue, out _);
        }

        from = Math.Max(from, InterestPosition.TextStart);
        while (from < to)
        {
            from = RemoveTexts(from, to, int.MaxValue, out _);
        }
    }

    /// <summary>Makes about <paramref name="most"/> entries absent; false when none is left. For when a peer is gone.</summary>
    public bool RemoveSome(int most)
    {
        while (most > 0 && Literals + Texts > 0)
        {
            int removed;
            if (_removeAt < InterestPosition.LiteralEnd)
            {
                _removeAt = RemoveLiterals(_removeAt, InterestPosition.LiteralEnd, most, out removed);
                _removeAt = InterestPosition.Normal(_removeAt);
            }
            else
            {
                _removeAt = RemoveTexts(_removeAt, InterestPosition.End, most, out removed);
                _removeAt = _removeAt == InterestPosition.End ? 0 : _removeAt;
            }

            most -= Math.Max(1, removed);
        }

        return Literals + Texts > 0;
    }

    private ulong RemoveLiterals(ulong from, ulong to, int most, out int removed)
    {
        removed = 0;
        ulong next;
        Span<ulong> found = stackalloc ulong[InterestLeaf<LiteralSlot>.MostSlots];
        lock (_lock)
        {
            InterestLeaf<LiteralSlot> leaf = _literals.LeafOf(from << InterestPosition.LiteralShift);
            next = Math.Min(to, (leaf.High >> InterestPosition.LiteralShift) + 1);
            foreach (ref LiteralSlot slot in leaf.Entries)
            {
                if (slot.References > 0 && slot.Fingerprint >= from && slot.Fingerprint < to && removed < most)
                {
                    found[removed++] = slot.Fingerprint;
                }
            }

            next = removed == most ? Math.Min(next, found[removed - 1] + 1) : next;
        }

        foreach (ulong fingerprint in found[..removed])
        {
            SetLiteral(fingerprint, false);
        }

        return next;
    }

    private ulong RemoveTexts(ulong from, ulong to, int most, out int removed)
    {
        ulong next;
        List<InterestText> found = [];
        lock (_lock)
        {
            InterestLeaf<TextSlot> leaf = _texts.LeafOf(from << 1);
            next = leaf.High == ulong.MaxValue ? to : Math.Min(to, InterestPosition.TextStart | ((leaf.High >> 1) + 1));
            foreach (ref TextSlot slot in leaf.Entries)
            {
                if (slot.References > 0 && slot.Position >= from && slot.Position < to && found.Count < most)
                {
                    found.Add(slot.Text);
                    next = found.Count == most ? Math.Min(next, slot.Position + 1) : next;
                }
            }
        }

        foreach (InterestText text in found)
        {
            SetText(text, false);
        }

        removed = found.Count;
        return next;
    }

    /// <summary>Entries were shown to a link: those there are may be known at the other end from now on.</summary>
    private void Tell(int entries)
    {
        if (entries > 0)
        {
            _lastTold = _version;
        }
    }
}
