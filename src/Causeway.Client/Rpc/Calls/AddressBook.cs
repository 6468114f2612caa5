namespace Causeway.Client.Rpc.Calls;

/// <summary>Which server serves a key, as a caller learned it; what was not used for longest is forgotten first. Not safe for several threads.</summary>
internal sealed class AddressBook(int entriesMax)
{
    private readonly Dictionary<(string Service, string Key), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];

    public int Count => _entries.Count;

    /// <summary>Entries given up for want of room.</summary>
    public long Evicted { get; private set; }

    public string? Find(string service, string key)
    {
        if (!_entries.TryGetValue((service, key), out LinkedListNode<Entry>? node))
        {
            return null;
        }

        if (node.Next is not null)
        {
            _byUse.Remove(node);
            _byUse.AddLast(node);
        }

        return node.ValueRef.Server;
    }

    public void Learn(string service, string key, string server)
    {
        if (_entries.TryGetValue((service, key), out LinkedListNode<Entry>? known))
        {
            known.Value = known.Value with { Server = server };
            return;
        }

        if (_entries.Count >= entriesMax)
        {
            LinkedListNode<Entry> oldest = _byUse.First!;
            _byUse.RemoveFirst();
            _entries.Remove((oldest.Value.Service, oldest.Value.Key));
            Evicted++;
        }

        _entries.Add((service, key), _byUse.AddLast(new Entry(service, key, server)));
    }

    /// <summary>Forgets a key, if it is known to be at this server.</summary>
    public void Forget(string service, string key, string? server)
    {
        if (_entries.TryGetValue((service, key), out LinkedListNode<Entry>? node) && node.Value.Server == server)
        {
            _byUse.Remove(node);
            _entries.Remove((service, key));
        }
    }

    private readonly record struct Entry(string Service, string Key, string Server);
}
