using Causeway.Client.Rpc.Wire;

namespace Causeway.Client.Rpc.Serving;

/// <summary>The calls that arrived last, so that one which arrives twice runs once. Not safe for several threads.</summary>
internal sealed class RecentCalls(int callsMax)
{
    private readonly HashSet<CallId> _ids = [];
    private readonly Queue<CallId> _order = [];

    /// <summary>Notes a call; false where it is known already.</summary>
    public bool Add(CallId id)
    {
        if (!_ids.Add(id))
        {
            return false;
        }

        _order.Enqueue(id);
        if (_order.Count > callsMax)
        {
            _ids.Remove(_order.Dequeue());
        }

        return true;
    }
}
