namespace Causeway.Client.Rpc.Calls;

/// <summary>Who answered the claimed calls that ended last, to notice a second one that does. Not safe for several threads.</summary>
internal sealed class RecentClaims(int claimsMax)
{
    private readonly Dictionary<long, string> _servers = [];
    private readonly Queue<long> _order = [];

    public void Add(long number, string server)
    {
        if (_order.Count >= claimsMax)
        {
            _servers.Remove(_order.Dequeue());
        }

        _order.Enqueue(number);
        _servers[number] = server;
    }

    /// <summary>Whether another server answered that call before.</summary>
    public bool IsByAnother(long number, string server) => _servers.TryGetValue(number, out string? first) && first != server;
}
