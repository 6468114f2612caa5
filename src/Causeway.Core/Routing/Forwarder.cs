using Causeway.Core.Delivery;
using Causeway.Core.Leafs;
using Causeway.Core.Links;
using Causeway.Core.Regions;
using Causeway.Core.Subscriptions;

namespace Causeway.Core.Routing;

/// <summary>
/// Takes messages over links. The node where a message is published decides alone who gets it: each other node once, each other region
/// once through one carrier, and one member of each queue group, a local one first, then one of the region, then one of the nearest
/// region. Those on the way do as they are told, so views that differ for a moment lead to no loop and no duplicate.
/// </summary>
public sealed class Forwarder : ILinkReceiver
{
    private readonly TenantLookup _findTenant;
    private readonly RegionDirectory _directory;
    private long _unwanted;
    private long _unroutable;
    private long _lostMembers;

    /// <summary>Creates the receiving side of a node.</summary>
    public Forwarder(TenantLookup findTenant, RegionDirectory directory)
    {
        _findTenant = findTenant;
        _directory = directory;
    }

    /// <summary>Finds a tenant by its name on links, or makes it; null if there are too many.</summary>
    public delegate Tenant? TenantLookup(ReadOnlySpan<byte> name);

    /// <summary>Messages that came for a fingerprint or widened pattern that nobody here asked for.</summary>
    public long Unwanted => Volatile.Read(ref _unwanted);

    /// <summary>Messages that could not be passed on, as the region they were for can't be reached from here any more.</summary>
    public long Unroutable => Volatile.Read(ref _unroutable);

    /// <summary>Messages for a queue group whose members had left by the time they came.</summary>
    public long LostMembers => Volatile.Read(ref _lostMembers);

    /// <summary>Takes a client's message to other nodes and regions; returns how many links took it.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="remote">Where it goes.</param>
    /// <param name="message">The message.</param>
    /// <param name="served">The local groups, by bit, that have had it.</param>
    /// <param name="queues">The groups that it is for.</param>
    /// <param name="flags">What links are told of it.</param>
    /// <param name="batch">The loop's batch.</param>
    public static int Forward(Tenant tenant, RemoteRoute remote, in Message message, ulong served, LeafQueues queues, DataFrameFlags flags, DeliveryBatch batch)
    {
        SendList sends = batch.Sends;
        sends.Clear();
        tenant.Directory!.CountUnreached(AddAll(sends, remote.Nodes) + AddAll(sends, remote.Regions) + remote.Lost.Count);
        foreach (RemoteGroup group in remote.Groups)
        {
            bool isServed = group.LocalGroup is >= 0 and < 64 && (served & (1ul << group.LocalGroup)) != 0;
            if (!isServed && queues.Has(group.Name!.Name.Span) && Member(group, batch, mayLeaveRegion: true) is { } member)
            {
                sends.Add(member, group.Name!.Name);
            }
        }

        return SendAll(tenant, message, flags, batch);
    }

    /// <summary>Takes a reply the way back to its requester's node; returns how many got it.</summary>
    public static int Reply(Tenant tenant, in Message message, ForwardScope scope, DeliveryBatch batch)
    {
        if (!ReturnPath.TryRead(message.Subject, out ReadOnlySpan<byte> region, out ulong node, out ReadOnlySpan<byte> inbox))
        {
            return 0;
        }

        RegionDirectory directory = tenant.Directory!;
        ReadOnlySpan<byte> replyPrefix = directory.ReturnPath.PrefixFor(message.Reply);
        if (!region.SequenceEqual(directory.RegionBytes))
        {
            InterestSource? carrier = scope == ForwardScope.Region ? null : directory.FindRegion(region, ownOnly: scope == ForwardScope.OwnLinks);
            return carrier?.Lane is { } wan && wan.TrySend(message, replyPrefix, DataFrameFlags.None, tenant.LinkName, default, batch) ? 1 : 0;
        }

        Message stripped = new(inbox, message.Tail, message.Size, message.HeaderLength, message.ReplyLength);
        if (node != directory.NodeId && scope != ForwardScope.OwnLinks && directory.FindNode(node)?.Lane is { } lane)
        {
            return lane.TrySend(stripped, replyPrefix, DataFrameFlags.Directed, tenant.LinkName, default, batch) ? 1 : 0;
        }

        Route route = batch.Routes.Find(tenant, inbox);
        int delivered = DeliverHere(route, stripped, batch);
        if (node != directory.NodeId && scope != ForwardScope.OwnLinks && route.Remote is { IsEmpty: false } remote)
        {
            // Its node is gone: the client may have come back on another.
            batch.Sends.Clear();
            AddAll(batch.Sends, remote.Nodes);
            delivered += SendAll(tenant, stripped, DataFrameFlags.None, batch);
        }

        return delivered;
    }

    /// <inheritdoc/>
    public void OnMessage(Link link, in DataFrameView frame, DeliveryBatch batch)
    {
        if (_findTenant(frame.Tenant) is not { } tenant)
        {
            Interlocked.Increment(ref _unwanted);
            return;
        }

        Message message = frame.Message;
        int delivered;
        if ((frame.Flags & DataFrameFlags.Directed) != 0)
        {
            delivered = DeliverHere(batch.Routes.Find(tenant, message.Subject), message, batch);
        }
        else if (ReturnPath.IsOn(message.Subject))
        {
            delivered = Reply(tenant, message, link.IsWan ? ForwardScope.Region : ForwardScope.OwnLinks, batch);
        }
        else
        {
            Route route = batch.Routes.Find(tenant, message.Subject);
            batch.LeafSends.Begin(route, null, (frame.Flags & DataFrameFlags.FromHub) != 0);
            delivered = Router.DeliverPlain(route, null, message, batch);
            delivered += link.IsWan
                ? SpreadInRegion(tenant, route, frame, batch)
                : ServeAsTold(tenant, route, frame, batch);
            delivered += batch.LeafSends.SendAll(message, batch);
        }

        if (delivered == 0)
        {
            Interlocked.Increment(ref _unwanted);
        }
    }

    private static int DeliverHere(Route route, in Message message, DeliveryBatch batch)
    {
        int delivered = Router.DeliverPlain(route, null, message, batch);
        batch.LeafSends.Begin(route, null, fromHub: false);
        foreach (QueueGroupRoute group in route.Groups)
        {
            bool served = Router.DeliverToOne(group.Members, null, message, batch);
            delivered += served ? 1 : 0;
            if (!served)
            {
                batch.LeafSends.TryAddMember(group, batch.Random);
            }
        }

        return delivered + batch.LeafSends.SendAll(message, batch);
    }

    /// <summary>Adds those that a link leads to; returns how many there are that none does.</summary>
    private static int AddAll(SendList sends, IReadOnlyList<InterestSource> sources)
    {
        int unreached = 0;
        for (int i = 0; i < sources.Count; i++)
        {
            unreached += sends.Add(sources[i]) ? 0 : 1;
        }

        return unreached;
    }

    private static int SendAll(Tenant tenant, in Message message, DataFrameFlags flags, DeliveryBatch batch)
    {
        SendList sends = batch.Sends;
        ReadOnlySpan<byte> replyPrefix = tenant.Directory!.ReturnPath.PrefixFor(message.Reply);
        int sent = 0;
        int unreached = 0;
        for (int i = 0; i < sends.Count; i++)
        {
            DataLane lane = sends.LaneOf(i);
            if (lane.TrySend(message, replyPrefix, flags, tenant.LinkName, sends.ExtensionOf(i), batch))
            {
                sent++;
            }
            else if (lane.IsClosed)
            {
                unreached++;
            }
        }

        tenant.Directory.CountUnreached(unreached);
        return sent;
    }

    /// <summary>The node, else the region, that serves a group; by chance among the nodes.</summary>
    private static InterestSource? Member(RemoteGroup group, DeliveryBatch batch, bool mayLeaveRegion)
    {
        int first = group.Nodes.Count > 1 ? batch.Random.Next(group.Nodes.Count) : 0;
        for (int i = 0; i < group.Nodes.Count; i++)
        {
            InterestSource node = group.Nodes[(first + i) % group.Nodes.Count];
            if (node.IsReachable)
            {
                return node;
            }
        }

        return mayLeaveRegion ? group.NearestRegion() : null;
    }

    private static int FindGroup(Route route, ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < route.Groups.Length; i++)
        {
            if (route.Groups[i].Name!.Name.Span.SequenceEqual(name))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A message from another region: to all nodes here that want it, and to one member of each group that it is for.</summary>
    private int SpreadInRegion(Tenant tenant, Route route, in DataFrameView frame, DeliveryBatch batch)
    {
        Message message = frame.Message;
        int delivered = 0;
        SendList sends = batch.Sends;
        sends.Clear();
        RemoteRoute? remote = route.Remote;
        if (remote is not null)
        {
            AddAll(sends, remote.Nodes);
        }

        ExtensionReader reader = new(frame.Extension);
        for (int left = reader.Count(); left > 0; left--)
        {
            ReadOnlySpan<byte> name = reader.Name();
            int here = FindGroup(route, name);
            if (here >= 0 && Router.DeliverToOne(route.Groups[here].Members, null, message, batch))
            {
                delivered++;
            }
            else if (!TryAddMember(sends, remote, name, batch) && !(here >= 0 && batch.LeafSends.TryAddMember(route.Groups[here], batch.Random)))
            {
                Interlocked.Increment(ref _lostMembers);
            }
        }

        return delivered + (sends.Count > 0 ? SendAll(tenant, message, frame.Flags, batch) : 0);
    }

    private static bool TryAddMember(SendList sends, RemoteRoute? remote, ReadOnlySpan<byte> name, DeliveryBatch batch)
    {
        foreach (RemoteGroup group in remote is null ? default : remote.Groups)
        {
            if (group.Name!.Name.Span.SequenceEqual(name) && Member(group, batch, mayLeaveRegion: false) is { } member)
            {
                sends.Add(member, group.Name.Name);
                return true;
            }
        }

        return false;
    }

    /// <summary>A message from another node of the region: to the groups, and over the own WAN links, that it names.</summary>
    private int ServeAsTold(Tenant tenant, Route route, in DataFrameView frame, DeliveryBatch batch)
    {
        Message message = frame.Message;
        if (frame.Extension.IsEmpty)
        {
            return 0;
        }

        int delivered = 0;
        ExtensionReader reader = new(frame.Extension);
        for (int left = reader.Count(); left > 0; left--)
        {
            int here = FindGroup(route, reader.Name());
            bool served = here >= 0 && Router.DeliverToOne(route.Groups[here].Members, null, message, batch);
            delivered += served ? 1 : 0;
            if (!served && !(here >= 0 && batch.LeafSends.TryAddMember(route.Groups[here], batch.Random)))
            {
                Interlocked.Increment(ref _lostMembers);
            }
        }

        for (int left = reader.Count(); left > 0; left--)
        {
            InterestSource? region = _directory.FindRegion(reader.Name(), ownOnly: true);
            ReadOnlySpan<byte> queues = reader.Names();
            ReadOnlySpan<byte> onward = queues is [] or [0] ? default : [.. queues, 0];
            if (region?.Lane is { } lane && lane.TrySend(message, default, frame.Flags, tenant.LinkName, onward, batch))
            {
                delivered++;
            }
            else
            {
                Interlocked.Increment(ref _unroutable);
            }
        }

        return delivered;
    }
}
