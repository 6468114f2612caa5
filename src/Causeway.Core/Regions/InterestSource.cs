using Causeway.Core.Interest;
using Causeway.Core.Links;
using Causeway.Core.Routing;
using Causeway.Core.Subjects;
using Causeway.Core.Subscriptions;

namespace Causeway.Core.Regions;

/// <summary>
/// What one node of the own region wants, or one other region as one carrier tells it, and the lane that leads there. Its tables are
/// changed by the loop of its link; <see cref="Wants"/> and the properties may be read by any thread.
/// </summary>
public sealed class InterestSource : Subscriber
{
    private readonly Dictionary<InterestText, Subscription> _texts = [];
    private readonly List<SourceTable> _tables = [];
    private SourceTable[] _read = [];
    private DataLane? _lane;
    private Link? _link;
    private bool _routed;
    private bool _lost;

    /// <summary>Creates a source. <paramref name="region"/> is empty for a node of the own region.</summary>
    public InterestSource(string region, ulong carrier, string carrierName)
    {
        Region = region;
        RegionBytes = System.Text.Encoding.UTF8.GetBytes(region);
        Carrier = carrier;
        CarrierName = carrierName;
    }

    /// <summary>True if it stands for another region, false if for a node of the own one.</summary>
    public bool IsRegion => Region.Length > 0;

    /// <summary>The other region; empty for a node.</summary>
    public string Region { get; }

    /// <summary>The region's name in UTF-8.</summary>
    public byte[] RegionBytes { get; }

    /// <summary>The node itself, or the node of the own region that holds the link to the region.</summary>
    public ulong Carrier { get; private set; }

    /// <summary>The carrier's name.</summary>
    public string CarrierName { get; private set; }

    /// <summary>True if this node itself holds the link to the region.</summary>
    public bool IsOwnWan => _link is { IsWan: true };

    /// <summary>The link that leads there, while it is up.</summary>
    public Link? Link
    {
        get => Volatile.Read(ref _link);
        set => Volatile.Write(ref _link, value);
    }

    /// <summary>The lane that leads there, while it is up.</summary>
    public DataLane? Lane
    {
        get => Volatile.Read(ref _lane);
        set => Volatile.Write(ref _lane, value);
    }

    /// <summary>True if messages go by it: for a region, only by the one carrier that was chosen.</summary>
    public bool IsRouted
    {
        get => Volatile.Read(ref _routed);
        set => Volatile.Write(ref _routed, value);
    }

    /// <summary>True if it stands for a region that nobody reaches now: what it asked for is counted as missed.</summary>
    public bool IsLost
    {
        get => Volatile.Read(ref _lost);
        set => Volatile.Write(ref _lost, value);
    }

    /// <summary>True if there is a lane that takes messages.</summary>
    public bool IsReachable => Lane is { IsClosed: false };

    /// <summary>Since when it has been without a link, in milliseconds of the mesh's clock.</summary>
    public long OrphanedAt { get; set; }

    /// <summary>Round trip to the region: that of the WAN link, as its carrier tells it.</summary>
    public double RoundTripMilliseconds { get; set; } = double.MaxValue;

    /// <summary>Its tables by the numbers of their streams.</summary>
    public IReadOnlyList<SourceTable> Tables => Volatile.Read(ref _read);

    /// <summary>True if all its tables have been in step with the other side at least once.</summary>
    public bool IsKnown => Tables.Count > 0 && Tables.All(table => table.WasCurrent);

    /// <summary>The patterns and queue groups that it wants.</summary>
    public int Texts => _texts.Count;

    /// <summary>True if it wants the literal with <paramref name="fingerprint"/>.</summary>
    public bool Wants(ulong fingerprint)
    {
        foreach (SourceTable table in Volatile.Read(ref _read))
        {
            if (table.Table.Contains(fingerprint))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Another node holds the link to the region from now on.</summary>
    internal void MoveTo(ulong carrier, string carrierName) => (Carrier, CarrierName) = (carrier, carrierName);

    internal SourceTable? Find(StreamKind kind) => _tables.Find(table => table.Kind == kind);

    internal void Add(SourceTable table)
    {
        _tables.Add(table);
        Volatile.Write(ref _read, [.. _tables]);
    }

    internal void Remove(SourceTable table)
    {
        _tables.Remove(table);
        Volatile.Write(ref _read, [.. _tables]);
    }

    /// <summary>Follows a pattern or queue group that comes or goes.</summary>
    internal void SetText(Tenant tenant, InterestText text, bool present)
    {
        lock (_texts)
        {
            if (!present)
            {
                if (_texts.Remove(text, out Subscription? gone))
                {
                    tenant.RemoteSubscriptions.Remove(gone);
                }
            }
            else if (!_texts.ContainsKey(text))
            {
                QueueGroupName? queue = text.HasQueue ? tenant.RemoteSubscriptions.InternQueue(text.Queue) : null;
                Subject.Check(text.Subject, out bool isPattern);
                Subscription subscription = new(this, text.Subject, default, queue, isPattern);
                _texts[text] = subscription;
                tenant.RemoteSubscriptions.Add(subscription);
            }
        }
    }
}
