namespace Causeway.Client.Rpc.Serving;

/// <summary>The keys that a server serves of one service, and where those went that it served before. Not safe for several threads.</summary>
internal sealed class KeyTable(int keysMax, int movedMax, long movedMilliseconds)
{
    private readonly HashSet<string> _keys = [];
    private readonly Dictionary<string, Destination> _moved = [];
    private readonly Queue<(string Key, long Number)> _order = [];
    private long _moves;

    public int Count => _keys.Count;

    public int MovedCount => _moved.Count;

    public bool Serves(string key) => _keys.Contains(key);

    /// <summary>Begins to serve a key; false where it is served already.</summary>
    /// <exception cref="RpcException">There are as many keys as allowed.</exception>
    public bool Add(string key)
    {
        if (_keys.Count >= keysMax && !_keys.Contains(key))
        {
            throw new RpcException(RpcCode.Overloaded, $"key '{key}' is one too many: {keysMax} are allowed", mayHaveRun: false);
        }

        _moved.Remove(key);
        return _keys.Add(key);
    }

    public bool Remove(string key) => _keys.Remove(key);

    /// <summary>Stops serving a key and remembers who does; false where it was not served.</summary>
    public bool Move(string key, string server, long now)
    {
        if (!_keys.Remove(key))
        {
            return false;
        }

        Forget(now);
        while (_order.Count >= movedMax)
        {
            Drop(_order.Dequeue());
        }

        _moved[key] = new Destination(server, now + movedMilliseconds, ++_moves);
        _order.Enqueue((key, _moves));
        return true;
    }

    /// <summary>Where a key went; null where that is not known (any more).</summary>
    public string? MovedTo(string key, long now)
    {
        Forget(now);
        return _moved.TryGetValue(key, out Destination move) ? move.Server : null;
    }

    private void Forget(long now)
    {
        while (_order.TryPeek(out (string Key, long Number) oldest)
            && (!_moved.TryGetValue(oldest.Key, out Destination move) || move.Number != oldest.Number || move.Until <= now))
        {
            Drop(_order.Dequeue());
        }
    }

    private void Drop((string Key, long Number) oldest)
    {
        if (_moved.TryGetValue(oldest.Key, out Destination move) && move.Number == oldest.Number)
        {
            _moved.Remove(oldest.Key);
        }
    }

    private readonly record struct Destination(string Server, long Until, long Number);
}
