namespace Causeway.Client.Connections;

/// <summary>The servers a client knows, and the order in which it tries them.</summary>
internal sealed class ServerPool
{
    private readonly List<ServerAddress> _servers;
    private readonly Random _random;
    private readonly Queue<ServerAddress> _round = new();

    public ServerPool(IEnumerable<ServerAddress> servers, Random random)
    {
        _servers = [.. servers.Distinct()];
        _random = random;
    }

    public IReadOnlyList<ServerAddress> Servers => _servers;

    /// <summary>True when a round has ended: every server was tried since the last connection, or since the last round.</summary>
    public bool IsRoundOver => _round.Count == 0;

    /// <summary>Goes on with other servers, those of another region.</summary>
    public void Use(IEnumerable<ServerAddress> servers)
    {
        _servers.Clear();
        _servers.AddRange(servers.Distinct());
        _round.Clear();
    }

    /// <summary>
    /// Remembers servers that a server told about, up to the limit; what can't be read as an address is ignored. They are spoken to as that
    /// server is, where they don't say how.
    /// </summary>
    public void Learn(IEnumerable<string> urls, ServerScheme scheme = ServerScheme.Nats)
    {
        foreach (string url in urls)
        {
            if (_servers.Count < ClientLimits.ServersMax
                && ServerAddress.TryParse(url, scheme, out ServerAddress? address, out _)
                && !_servers.Contains(address))
            {
                _servers.Add(address);
            }
        }
    }

    /// <summary>
    /// The next server to try after <paramref name="lost"/>. Each round has all servers in a random order, to spread clients over
    /// them, and the lost one last, unless the client was sent to others.
    /// </summary>
    public ServerAddress Next(ServerAddress lost)
    {
        if (_round.Count == 0)
        {
            ServerAddress[] others = [.. _servers.Where(server => !server.Equals(lost))];
            _random.Shuffle(others);
            Array.ForEach(others, _round.Enqueue);
            if (others.Length == 0 || _servers.Contains(lost))
            {
                _round.Enqueue(lost);
            }
        }

        return _round.Dequeue();
    }

    /// <summary>Begins a round with all servers in the order in which they are known.</summary>
    public void BeginInOrder()
    {
        _round.Clear();
        _servers.ForEach(_round.Enqueue);
    }

    /// <summary>A connection stands: the next loss begins a new round.</summary>
    public void Connected() => _round.Clear();
}
