using Causeway.Core.Links;
using Causeway.Core.Regions;

namespace Causeway.Core.Routing;

/// <summary>
/// The links that one message goes out on and what each is to do with it: a message crosses a link once, however many queue groups
/// and regions lie behind. Used again for each message; belongs to one thread.
/// </summary>
/// <remarks>
/// The extension of a frame: <c>queues(1) {length(1) name}* regions(1) {length(1) name queues(1) {length(1) name}*}*</c>. The first
/// queues are the receiver's to serve, those behind a region that region's. An empty extension has none of either.
/// </remarks>
public sealed class SendList
{
    private const int MaxNameBytes = byte.MaxValue;
    private const int MaxNames = byte.MaxValue;

    private readonly List<Send> _sends = [];
    private readonly byte[] _extension = new byte[DataFrame.MaxExtensionBytes];
    private int _count;

    /// <summary>Links in the list.</summary>
    public int Count => _count;

    /// <summary>The lane of send number <paramref name="index"/>.</summary>
    public DataLane LaneOf(int index) => _sends[index].Lane!;

    /// <summary>Forgets the last message's.</summary>
    public void Clear()
    {
        for (int i = 0; i < _count; i++)
        {
            _sends[i].Clear();
        }

        _count = 0;
    }

    /// <summary>
    /// The message goes to <paramref name="source"/>; with <paramref name="queue"/>, to one member of that group there too. False if no
    /// link leads there.
    /// </summary>
    public bool Add(InterestSource source, ReadOnlyMemory<byte> queue = default)
    {
        if (source.Lane is not { } lane)
        {
            return false;
        }

        Send send = For(lane);
        if (source.IsRegion && !source.IsOwnWan)
        {
            send.Region(source.RegionBytes, queue);
        }
        else if (!queue.IsEmpty)
        {
            send.Queues.Add(queue);
        }

        return true;
    }

    /// <summary>The extension of send number <paramref name="index"/>, good until the next call.</summary>
    public ReadOnlySpan<byte> ExtensionOf(int index)
    {
        Send send = _sends[index];
        if (send.Queues.Count == 0 && send.RegionCount == 0)
        {
            return default;
        }

        int at = 0;
        WriteNames(send.Queues, ref at);
        int countAt = at++;
        byte count = 0;
        for (int i = 0; i < send.RegionCount && count < MaxNames; i++)
        {
            RegionSend region = send.Regions[i];
            if (at + region.Name.Length + 2 > _extension.Length)
            {
                break;
            }

            WriteName(region.Name, ref at);
            WriteNames(region.Queues, ref at);
            count++;
        }

        _extension[countAt] = count;
        return _extension.AsSpan(0, at);
    }

    private void WriteNames(List<ReadOnlyMemory<byte>> names, ref int at)
    {
        int countAt = at++;
        byte count = 0;
        foreach (ReadOnlyMemory<byte> name in names)
        {
            // Two bytes stay for the counts behind. A group that finds no room is as one whose message got lost: at most once.
            if (count == MaxNames || name.Length > MaxNameBytes || at + name.Length + 3 > _extension.Length)
            {
                continue;
            }

            WriteName(name.Span, ref at);
            count++;
        }

        _extension[countAt] = count;
    }

    private void WriteName(ReadOnlySpan<byte> name, ref int at)
    {
        _extension[at++] = (byte)name.Length;
        name.CopyTo(_extension.AsSpan(at));
        at += name.Length;
    }

    private Send For(DataLane lane)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_sends[i].Lane == lane)
            {
                return _sends[i];
            }
        }

        if (_count == _sends.Count)
        {
            _sends.Add(new Send());
        }

        Send send = _sends[_count++];
        send.Lane = lane;
        return send;
    }

    private sealed class Send
    {
        public DataLane? Lane { get; set; }

        public List<ReadOnlyMemory<byte>> Queues { get; } = [];

        public List<RegionSend> Regions { get; } = [];

        public int RegionCount { get; private set; }

        public void Region(byte[] name, ReadOnlyMemory<byte> queue)
        {
            RegionSend? region = null;
            for (int i = 0; i < RegionCount && region is null; i++)
            {
                region = Regions[i].Name == name ? Regions[i] : null;
            }

            if (region is null)
            {
                if (RegionCount == Regions.Count)
                {
                    Regions.Add(new RegionSend());
                }

                region = Regions[RegionCount++];
                region.Name = name;
                region.Queues.Clear();
            }

            if (!queue.IsEmpty)
            {
                region.Queues.Add(queue);
            }
        }

        public void Clear()
        {
            Lane = null;
            Queues.Clear();
            RegionCount = 0;
        }
    }

    private sealed class RegionSend
    {
        public byte[] Name { get; set; } = [];

        public List<ReadOnlyMemory<byte>> Queues { get; } = [];
    }
}
