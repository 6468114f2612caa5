using Causeway.Core.Links;

namespace Causeway.Core.Regions;

/// <summary>
/// The nodes of the own region and the contacts of other regions that this node has heard of, with how long ago somebody last had a
/// link to each. Bounded; what nobody has reached for long is forgotten. Belongs to the mesh's thread.
/// </summary>
public sealed class MemberTable
{
    private const int PageBytes = 2048;
    private const long HopMilliseconds = 500;
    private const ushort NoRoundTrip = ushort.MaxValue;

    private readonly NodeCard _self;
    private readonly LinkLimits _limits;
    private readonly Dictionary<string, Entry> _byAddress = [];

    /// <summary>Creates the table of <paramref name="self"/>.</summary>
    public MemberTable(NodeCard self, LinkLimits limits)
    {
        _self = self;
        _limits = limits;
    }

    /// <summary>Changes whenever there is something to tell others.</summary>
    public long Version { get; private set; }

    /// <summary>Cards that were not taken in because a limit was reached.</summary>
    public long Refused { get; private set; }

    /// <summary>Has all members told again: ages and round trips change without anything else.</summary>
    public void Refresh() => Version++;

    /// <summary>Nodes of the own region, this one left out.</summary>
    public IEnumerable<NodeCard> Members => _byAddress.Values.Where(entry => entry.Card.Region == _self.Region).Select(entry => entry.Card);

    /// <summary>Other regions of which a contact is known.</summary>
    public IEnumerable<string> Regions => _byAddress.Values.Select(entry => entry.Card.Region).Where(region => region != _self.Region).Distinct();

    /// <summary>The contacts of <paramref name="region"/>, the one heard of last first.</summary>
    public IEnumerable<NodeCard> Contacts(string region) =>
        _byAddress.Values.Where(entry => entry.Card.Region == region).OrderByDescending(entry => entry.HeardAt).Select(entry => entry.Card);

    /// <summary>Notes that somebody had a link to <paramref name="card"/> at <paramref name="heardAt"/>.</summary>
    public void Hear(NodeCard card, long heardAt)
    {
        if (card.Id == _self.Id || card.LinkAddress == _self.LinkAddress || card.Region.Length == 0 || card.LinkAddress.Length == 0)
        {
            return;
        }

        if (_byAddress.TryGetValue(card.LinkAddress, out Entry? known))
        {
            if (heardAt >= known.HeardAt)
            {
                // An address that was only configured says less than a card of a node that was there.
                NodeCard better = card.Id == 0 && known.Card.Region == card.Region ? known.Card : card;
                Version += known.Card == better ? 0 : 1;
                (known.Card, known.HeardAt) = (better, heardAt);
            }

            return;
        }

        if (!HasRoomFor(card.Region))
        {
            Refused++;
            return;
        }

        _byAddress[card.LinkAddress] = new Entry { Card = card, HeardAt = heardAt };
        Version++;
    }

    /// <summary>Forgets a node, as it has said goodbye.</summary>
    public void Forget(NodeCard card)
    {
        if (_byAddress.TryGetValue(card.LinkAddress, out Entry? known) && known.Card.Id == card.Id)
        {
            _byAddress.Remove(card.LinkAddress);
            Version++;
        }
    }

    /// <summary>Forgets those that nobody has reached for long.</summary>
    public void ForgetOld(long now)
    {
        long oldest = now - (long)_limits.ForgetMemberAfter.TotalMilliseconds;
        foreach (string address in _byAddress.Where(pair => pair.Value.HeardAt < oldest).Select(pair => pair.Key).ToArray())
        {
            _byAddress.Remove(address);
            Version++;
        }
    }

    /// <summary>
    /// Writes page <paramref name="page"/> of what a node on the other side of a link should know: this node, its region, and the
    /// contacts of other regions. Returns the next page, or -1 after the last.
    /// </summary>
    public int WritePage(ref FrameWriter writer, int page, string peerRegion, long now, Func<string, double?> roundTrip)
    {
        // To another region a few contacts of the own are enough.
        IEnumerable<Entry> own = _byAddress.Values.Where(entry => entry.Card.Region == _self.Region).OrderBy(entry => entry.Card.LinkAddress);
        IEnumerable<Entry> foreign = _byAddress.Values.Where(entry => entry.Card.Region != _self.Region && entry.Card.Region != peerRegion).OrderBy(entry => entry.Card.LinkAddress);
        if (peerRegion != _self.Region)
        {
            own = own.Take(_limits.MaxContactsPerRegion - 1);
        }

        Entry[] rest = [.. own.Prepend(new Entry { Card = _self, HeardAt = now }).Concat(foreign).Skip(page)];
        int written = 0;
        foreach (Entry entry in rest)
        {
            entry.Card.Write(ref writer);
            writer.UInt64((ulong)Math.Max(0, now - entry.HeardAt));
            double? milliseconds = roundTrip(entry.Card.Region);
            writer.UInt16(milliseconds is { } known ? (ushort)Math.Min(known, NoRoundTrip - 1) : NoRoundTrip);
            written++;
            if (writer.Length >= PageBytes)
            {
                break;
            }
        }

        return written < rest.Length ? page + written : -1;
    }

    /// <summary>Reads a page from a node of <paramref name="peerRegion"/> and tells the round trips in it.</summary>
    public void ReadPage(ref FrameReader reader, string peerRegion, long now, Action<string, double> onRoundTrip)
    {
        while (!reader.Failed && !reader.Rest.IsEmpty)
        {
            NodeCard card = NodeCard.Read(ref reader);
            // Hearsay gets older with every hop, or two nodes could keep telling each other of a third that is long gone.
            long heardAt = now - HopMilliseconds - (long)Math.Min(reader.UInt64(), long.MaxValue / 2);
            ushort milliseconds = reader.UInt16();

            // Who belongs to the own region is for the region alone to say.
            if (reader.Failed || (peerRegion != _self.Region && card.Region == _self.Region))
            {
                continue;
            }

            Hear(card, heardAt);
            if (milliseconds != NoRoundTrip)
            {
                onRoundTrip(card.Region, milliseconds);
            }
        }
    }

    private bool HasRoomFor(string region)
    {
        int sameRegion = _byAddress.Values.Count(entry => entry.Card.Region == region);
        return region == _self.Region
            ? sameRegion < _limits.MaxMembers
            : sameRegion > 0 ? sameRegion < _limits.MaxContactsPerRegion || ReplaceOldest(region) : Regions.Count() < _limits.MaxRegions;
    }

    /// <summary>The contacts of a region come and go: the one not heard of for longest makes room.</summary>
    private bool ReplaceOldest(string region) =>
        _byAddress.Remove(_byAddress.Where(pair => pair.Value.Card.Region == region).MinBy(pair => pair.Value.HeardAt).Key);

    private sealed class Entry
    {
        public required NodeCard Card { get; set; }

        public long HeardAt { get; set; }
    }
}
