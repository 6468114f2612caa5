namespace Causeway.Core.Interest;

/// <summary>The entries of a map whose keys share their first bits, sorted in one array that grows in small steps.</summary>
internal sealed class InterestLeaf<TSlot>(ulong low, int depth)
    where TSlot : struct, IInterestSlot
{
    public const int MostSlots = 256;

    // The object, its array's header and its share of the directory.
    public const int ObjectBytes = 64 + 24 + 16;

    private const int LeastStep = 4;

    public TSlot[] Slots { get; private set; } = [];

    public int Count { get; private set; }

    /// <summary>The least key that belongs here.</summary>
    public ulong Low { get; } = low;

    /// <summary>How many of the keys' first bits are shared.</summary>
    public int Depth { get; } = depth;

    /// <summary>No entry's version is above it.</summary>
    public ulong HighestVersion { get; set; }

    public int Tombstones { get; set; }

    /// <summary>No tombstone's version is below it.</summary>
    public ulong OldestTombstone { get; set; } = ulong.MaxValue;

    /// <summary>The last key that belongs here.</summary>
    public ulong High => Depth == 0 ? ulong.MaxValue : Low | (ulong.MaxValue >> Depth);

    public bool IsFull => Count == MostSlots;

    public Span<TSlot> Entries => Slots.AsSpan(0, Count);

    /// <summary>Where <paramref name="key"/> is, or the complement of where it would be.</summary>
    public int Find(ulong key)
    {
        TSlot[] slots = Slots;
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (slots[middle].Key < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low < Count && slots[low].Key == key ? low : ~low;
    }

    /// <summary>Puts <paramref name="slot"/> at <paramref name="at"/> and returns by how many places the array grew.</summary>
    public int Insert(int at, in TSlot slot)
    {
        int before = Slots.Length;
        if (Count == before)
        {
            Resize(RoomFor(Count));
        }

        Array.Copy(Slots, at, Slots, at + 1, Count - at);
        Slots[at] = slot;
        Count++;
        return Slots.Length - before;
    }

    /// <summary>Takes out what is at <paramref name="at"/> and returns by how many places the array grew, which is at most 0.</summary>
    public int RemoveAt(int at)
    {
        Count--;
        Array.Copy(Slots, at + 1, Slots, at, Count - at);
        Slots[Count] = default;
        return Shrink();
    }

    /// <summary>Puts <paramref name="slots"/> behind the entries there are; all their keys must be above.</summary>
    public void Append(ReadOnlySpan<TSlot> slots)
    {
        int sum = Count + slots.Length;
        if (sum > Slots.Length)
        {
            Resize(RoomFor(sum));
        }

        slots.CopyTo(Slots.AsSpan(Count));
        Count = sum;
    }

    /// <summary>Keeps only the first <paramref name="count"/> entries and returns by how many places the array grew.</summary>
    public int Cut(int count)
    {
        Slots.AsSpan(count, Count - count).Clear();
        Count = count;
        return Shrink();
    }

    private static int RoomFor(int count) => Math.Min(MostSlots, count + Math.Max(LeastStep, count / 8));

    private int Shrink()
    {
        int before = Slots.Length;
        if (Count < before / 2)
        {
            Resize(Count == 0 ? 0 : RoomFor(Count));
        }

        return Slots.Length - before;
    }

    private void Resize(int length)
    {
        if (length == 0)
        {
            Slots = [];
            return;
        }

        TSlot[] resized = new TSlot[length];
        Slots.AsSpan(0, Count).CopyTo(resized);
        Slots = resized;
    }
}
