using Causeway.Core.Regions;

namespace Causeway.Core.Leafs;

/// <summary>
/// Whether this node is to hold a remote, and when it dials it: of the deployment's nodes that could, one does. After a failure a pause
/// doubles with jitter, and a connection that ends before it was in step is a failure too. Belongs to the loop of the leafs.
/// </summary>
public sealed class LeafHold
{
    private readonly LeafLimits _limits;
    private readonly Random _random;
    private readonly ulong _node;
    private readonly LeafMarks? _marks;
    private readonly long _settledAt;
    private IReadOnlyList<string> _addresses;
    private int _at;
    private int _failures;
    private double _pause;
    private long _nextAt;
    private long _yieldsUntil;
    private long _vacantSince = long.MaxValue;
    private bool _isDialling;

    /// <summary>Creates it at <paramref name="now"/> (milliseconds); without <paramref name="marks"/> there is no other node that could.</summary>
    public LeafHold(LeafRemote remote, LeafLimits limits, ulong node, LeafMarks? marks, Random random, long now)
    {
        Remote = remote;
        _limits = limits;
        _node = node;
        _marks = marks;
        _random = random;
        _addresses = remote.Addresses;
        _settledAt = marks is null ? now : now + (long)limits.SettleTime.TotalMilliseconds;
    }

    /// <summary>The remote.</summary>
    public LeafRemote Remote { get; }

    /// <summary>The connection, while it is there.</summary>
    public LeafSession? Session { get; private set; }

    /// <summary>Why there is none, if there was one or it was tried.</summary>
    public string LastFailure { get; private set; } = "";

    /// <summary>Dials and connections so far that came to nothing before they were in step.</summary>
    public long Failures { get; private set; }

    /// <summary>True if another node of the deployment holds the remote, or is to.</summary>
    public bool IsStandby { get; private set; }

    /// <summary>True if this node holds it.</summary>
    public bool Holds => Session is { State: LeafState.Up };

    /// <summary>True if this node would hold it.</summary>
    public bool Could(long now) => now >= _yieldsUntil;

    /// <summary>The address to dial now, which is taken as begun; null if none is.</summary>
    public string? TryDial(long now)
    {
        if (_isDialling || Session is not null || now < _nextAt || now < _settledAt)
        {
            return null;
        }

        IsStandby = !IsTurn(now);
        if (IsStandby)
        {
            return null;
        }

        _isDialling = true;
        return _addresses[_at % _addresses.Count];
    }

    /// <summary>The dial led nowhere.</summary>
    public void OnDialFailed(string reason, long now)
    {
        _isDialling = false;
        Fail(reason, now);
    }

    /// <summary>The dial led to a connection.</summary>
    public void OnDialled(LeafSession session)
    {
        _isDialling = false;
        Session = session;
    }

    /// <summary>The hub has answered: it knows where else its cluster can be reached.</summary>
    public void OnUp(LeafSession session)
    {
        string[] told = [.. (session.Other.LeafUrls ?? []).Where(url => url.LastIndexOf(':') > 0).Except(Remote.Addresses)];
        string current = _addresses[_at % _addresses.Count];
        _addresses = [.. Remote.Addresses, .. told];
        _at = Math.Max(0, Array.IndexOf([.. _addresses], current));
    }

    /// <summary>The connection is gone.</summary>
    public void OnDown(LeafSession session, string reason, long now)
    {
        if (Session != session)
        {
            return;
        }

        Session = null;
        if (session.IsLoop)
        {
            LastFailure = reason;
            Failures++;
            _nextAt = now + (long)(_limits.LoopPause.TotalMilliseconds * (1 + (_random.NextDouble() / 10)));
            return;
        }

        if (session.IsInStep && now - session.Began >= _limits.ProvenAfter.TotalMilliseconds)
        {
            _failures = 0;
            _pause = 0;
        }

        Fail(reason, now);
    }

    private void Fail(string reason, long now)
    {
        LastFailure = reason;
        Failures++;
        _failures++;
        _at++;
        _pause = Math.Clamp(_pause * 2, _limits.RedialPause.TotalMilliseconds, _limits.MaxRedialPause.TotalMilliseconds);
        _nextAt = now + (long)(_pause * (0.5 + (_random.NextDouble() / 2)));
        if (_failures >= _limits.DialsBeforeYielding && _marks?.WhoCould(Remote.Name).Count > 0)
        {
            _failures = 0;
            _yieldsUntil = now + (long)_limits.YieldTime.TotalMilliseconds;
        }
    }

    /// <summary>Whoever holds it keeps it; else the one of those that could whose weight is the largest takes it.</summary>
    private bool IsTurn(long now)
    {
        if (_marks is null)
        {
            return true;
        }

        if (!Could(now) || _marks.WhoHolds(Remote.Name).Count > 0)
        {
            _vacantSince = long.MaxValue;
            return false;
        }

        // One who should rather may still take a node for the holder that is gone.
        _vacantSince = Math.Min(_vacantSince, now);
        ulong weight = Ownership.Weight(_node, Remote.Name);
        return now - _vacantSince >= _limits.VacantTime.TotalMilliseconds
            || _marks.WhoCould(Remote.Name).All(other => Ownership.Weight(other, Remote.Name) < weight);
    }
}
