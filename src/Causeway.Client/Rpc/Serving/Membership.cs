namespace Causeway.Client.Rpc.Serving;

/// <summary>The other servers of a service with affinity, by their announcements, and the choice among them. Not safe for several threads.</summary>
internal sealed class Membership(string self, RpcLimits limits)
{
    // A member is gone when so many of its announcements are missing.
    private const double MissedMax = 3.5;

    private readonly Dictionary<string, Member> _members = [];

    public int Count => _members.Count;

    /// <summary>Announcements of servers for which there was no room.</summary>
    public long Refused { get; private set; }

    /// <summary>Times that the affinity function threw: the server in question may not take the call then.</summary>
    public long AffinityErrors { get; private set; }

    /// <summary>How long to wait before the next announcement: longer where there are many, so that nobody hears more than allowed.</summary>
    public long IntervalMilliseconds => Math.Max(
        (long)limits.AnnounceInterval.TotalMilliseconds, (_members.Count + 1) * 1000L / limits.AnnouncementsPerSecondMax);

    /// <summary>A server told its load.</summary>
    public void Heard(string address, long nextMilliseconds, long running, long capacity, string labels, long now)
    {
        if (address == self)
        {
            return;
        }

        if (!_members.ContainsKey(address) && _members.Count >= limits.MembersMax)
        {
            DropSilent(now);
            if (_members.Count >= limits.MembersMax)
            {
                Refused++;
                return;
            }
        }

        _members[address] = new Member(labels, running, Math.Max(1, capacity), now + (long)(nextMilliseconds * MissedMax));
    }

    public void Left(string address) => _members.Remove(address);

    /// <summary>Forgets those that have been silent for too long.</summary>
    public void DropSilent(long now)
    {
        foreach ((string address, Member member) in _members)
        {
            if (member.Until <= now)
            {
                _members.Remove(address);
            }
        }
    }

    /// <summary>The server that takes a call: its address, empty for this one, or null where none may.</summary>
    /// <param name="affinity">What decides; this server wins a draw, since that saves a message.</param>
    /// <param name="key">The key that the caller gave.</param>
    /// <param name="me">This server.</param>
    /// <param name="preferMe">Whether this server takes it if it may at all.</param>
    /// <param name="now">The time.</param>
    public string? Choose(RpcAffinity affinity, string key, RpcCandidate me, bool preferMe, long now)
    {
        double best = Score(affinity, key, me);
        string? chosen = best >= 0 ? string.Empty : null;
        if (chosen is not null && preferMe)
        {
            return chosen;
        }

        best = chosen is null ? double.NegativeInfinity : best;
        foreach ((string address, Member member) in _members)
        {
            if (member.Until > now && Score(affinity, key, new RpcCandidate(address, member.Labels, member.Load, false)) is var score && score >= 0 && score > best)
            {
                best = score;
                chosen = address;
            }
        }

        if (chosen is { Length: > 0 })
        {
            _members[chosen].Forwarded++;
        }

        return chosen;
    }

    private double Score(RpcAffinity affinity, string key, RpcCandidate candidate)
    {
        try
        {
            return affinity(key, candidate);
        }
#pragma warning disable CA1031 // The program's fault in one call must not end the connection; it is counted.
        catch (Exception)
#pragma warning restore CA1031
        {
            AffinityErrors++;
            return double.NaN;
        }
    }

    private sealed class Member(string labels, long running, long capacity, long until)
    {
        public string Labels => labels;

        public long Until => until;

        /// <summary>Calls passed on to it since it told its load.</summary>
        public long Forwarded { get; set; }

        public double Load => (running + Forwarded) / (double)capacity;
    }
}
