using System.Diagnostics.CodeAnalysis;

namespace Causeway.Client.Timing;

/// <summary>What is due first, with removal of what is not due any more. Not safe for several threads.</summary>
internal sealed class DueHeap<T>
    where T : class, IDue
{
    private readonly List<T> _items = [];

    public int Count => _items.Count;

    /// <summary>When the first is due; <see cref="long.MaxValue"/> where there is none.</summary>
    public long FirstDue => _items.Count == 0 ? long.MaxValue : _items[0].DueAt;

    public void Add(T item)
    {
        item.HeapIndex = _items.Count;
        _items.Add(item);
        Up(item.HeapIndex);
    }

    public void Remove(T item)
    {
        int at = item.HeapIndex;
        if (at < 0)
        {
            return;
        }

        item.HeapIndex = -1;
        T last = _items[^1];
        _items.RemoveAt(_items.Count - 1);
        if (!ReferenceEquals(last, item))
        {
            Put(last, at);
            Up(at);
            Down(last.HeapIndex);
        }
    }

    /// <summary>Takes the first out if it is due.</summary>
    public bool TryTake(long now, [NotNullWhen(true)] out T? item)
    {
        item = FirstDue <= now && _items.Count > 0 ? _items[0] : null;
        if (item is null)
        {
            return false;
        }

        Remove(item);
        return true;
    }

    private void Put(T item, int at)
    {
        _items[at] = item;
        item.HeapIndex = at;
    }

    private void Up(int at)
    {
        T item = _items[at];
        while (at > 0 && item.DueAt < _items[(at - 1) / 2].DueAt)
        {
            Put(_items[(at - 1) / 2], at);
            at = (at - 1) / 2;
        }

        Put(item, at);
    }

    private void Down(int at)
    {
        T item = _items[at];
        for (int child = (2 * at) + 1; child < _items.Count; child = (2 * at) + 1)
        {
            if (child + 1 < _items.Count && _items[child + 1].DueAt < _items[child].DueAt)
            {
                child++;
            }

            if (_items[child].DueAt >= item.DueAt)
            {
                break;
            }

            Put(_items[child], at);
            at = child;
        }

        Put(item, at);
    }
}
