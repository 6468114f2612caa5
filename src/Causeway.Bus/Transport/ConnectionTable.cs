namespace Causeway.Bus.Transport;

/// <summary>
/// An event loop's connections by the tokens of their events. A token names a place and how often it was taken, so that an event for
/// a connection that is gone never reaches the next one in its place. One thread; the count may be read by any.
/// </summary>
internal sealed class ConnectionTable
{
    private const int FirstPlaces = 16;

    private Connection?[] _places = new Connection?[FirstPlaces];
    private int _generation;
    private int _freePlace;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>The token of the place that the next <see cref="Add"/> takes.</summary>
    public long NextToken()
    {
        while (_freePlace < _places.Length && _places[_freePlace] is not null)
        {
            _freePlace++;
        }

        if (_freePlace == _places.Length)
        {
            Array.Resize(ref _places, _places.Length * 2);
        }

        return ((long)(++_generation & int.MaxValue) << 32) | (uint)_freePlace;
    }

    public void Add(Connection connection)
    {
        _places[PlaceOf(connection.Token)] = connection;
        Volatile.Write(ref _count, _count + 1);
    }

    public void Remove(Connection connection)
    {
        int place = PlaceOf(connection.Token);
        _places[place] = null;
        _freePlace = Math.Min(_freePlace, place);
        Volatile.Write(ref _count, _count - 1);
    }

    public Connection? Find(long token) => _places[PlaceOf(token)] is { } found && found.Token == token ? found : null;

    /// <summary>Calls <paramref name="action"/> for each connection; it may remove the one that it is called with.</summary>
    public void ForEach(Action<Connection> action)
    {
        foreach (Connection? connection in _places)
        {
            if (connection is not null)
            {
                action(connection);
            }
        }
    }

    private static int PlaceOf(long token) => (int)(token & int.MaxValue);
}
