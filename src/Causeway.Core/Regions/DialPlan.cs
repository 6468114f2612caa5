using Causeway.Core.Links;

namespace Causeway.Core.Regions;

/// <summary>
/// When each address is to be dialled: not while it is being dialled, and after a failure only when a pause is over that doubles each
/// time and is jittered. A connection that comes up and fails soon counts as a failure too. Belongs to the mesh's thread.
/// </summary>
public sealed class DialPlan
{
    private const int MaxAddresses = 4096;

    private readonly LinkLimits _limits;
    private readonly Random _random;
    private readonly Dictionary<string, State> _states = [];

    /// <summary>Creates an empty plan.</summary>
    public DialPlan(LinkLimits limits, Random random)
    {
        _limits = limits;
        _random = random;
    }

    /// <summary>The node that was last found at <paramref name="address"/>, 0 if none was, and whether it has said since that it goes away.</summary>
    public (ulong Node, bool HasLeft) FoundAt(string address) => _states.TryGetValue(address, out State? state) ? (state.Node, state.HasLeft) : (0, false);

    /// <summary>True, and the dial is taken as begun, if <paramref name="address"/> is to be dialled now.</summary>
    public bool TryBegin(string address, long now)
    {
        if (!_states.TryGetValue(address, out State? state))
        {
            if (_states.Count >= MaxAddresses)
            {
                _states.Clear();
            }

            _states[address] = state = new State { NextAt = now };
        }

        if (state.Dialling || now < state.NextAt)
        {
            return false;
        }

        state.Dialling = true;
        return true;
    }

    /// <summary>Notes which node is at an address.</summary>
    public void Found(string address, ulong node)
    {
        if (_states.TryGetValue(address, out State? state))
        {
            state.Node = node;
            state.HasLeft = false;
        }
    }

    /// <summary>Notes that <paramref name="node"/> has said that it goes away.</summary>
    public void Left(ulong node)
    {
        foreach (State state in _states.Values)
        {
            state.HasLeft |= state.Node == node;
        }
    }

    /// <summary>The dial led to a link, or to nothing: the next may begin when the pause is over.</summary>
    public void End(string address, bool failed, long now)
    {
        if (!_states.TryGetValue(address, out State? state))
        {
            return;
        }

        state.Dialling = false;
        if (failed)
        {
            double least = _limits.RedialPause.TotalMilliseconds;
            state.Pause = Math.Clamp(state.Pause * 2, least, _limits.MaxRedialPause.TotalMilliseconds);
            state.NextAt = now + (long)(state.Pause * (0.5 + (_random.NextDouble() / 2)));
        }
        else
        {
            state.NextAt = now;
        }
    }

    /// <summary>A link to the address has proved itself: the next failure begins with the shortest pause.</summary>
    public void Reset(string address)
    {
        if (_states.TryGetValue(address, out State? state))
        {
            state.Pause = 0;
        }
    }

    private sealed class State
    {
        public bool Dialling { get; set; }

        public long NextAt { get; set; }

        public double Pause { get; set; }

        public ulong Node { get; set; }

        public bool HasLeft { get; set; }
    }
}
