using System.Threading.Channels;
using Causeway.Bus.Nodes;
using Causeway.Core.Clients;
using Causeway.Core.Routing;

namespace Causeway.Bus.SystemBus;

/// <summary>
/// Notes what is to be told in the system tenant: clients that come, go or are refused. Called on event loops, it takes down what
/// somebody wants to hear and nothing else, in a queue that is bounded; writing and publishing are done elsewhere. Any thread.
/// </summary>
internal sealed class SystemEvents(BusNode node, SystemInterest interest, SystemJson json, TimeProvider time) : IClientWatcher
{
    private readonly Channel<SystemEvent> _queue = Channel.CreateBounded<SystemEvent>(
        new BoundedChannelOptions(SystemLimits.MaxQueuedEvents) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private long _dropped;

    /// <summary>What waits to be published.</summary>
    public ChannelReader<SystemEvent> Queue => _queue.Reader;

    /// <summary>Events dropped as too many waited, or as the node would not take them.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    public void CountDropped() => Interlocked.Increment(ref _dropped);

    public void OnEntered(ClientSession client)
    {
        DateTimeOffset at = time.GetUtcNow();
        TellConnections(client.Tenant, at);
        string subject = SystemSubjects.Connect(client.Tenant.Name);
        if (interest.IsWanted(subject))
        {
            ClientCard card = ClientCard.Of(client);
            Add(subject, () => json.Event(SystemJson.ConnectType, at, card.Write));
        }
    }

    public void OnLeft(ClientSession client, CloseReason reason)
    {
        // One that never proved who it is has not come.
        if (client.User is null)
        {
            return;
        }

        DateTimeOffset at = time.GetUtcNow();
        TellConnections(client.Tenant, at);
        TellEnd(SystemSubjects.Disconnect(client.Tenant.Name), client, reason, at);
    }

    public void OnRefused(ClientSession client, CloseReason reason)
    {
        if (client.User is null)
        {
            TellEnd(SystemSubjects.AuthError(node.Info.ServerId), client, reason, time.GetUtcNow());
        }
    }

    /// <summary>The node goes away: by and by, or now.</summary>
    public void TellLeaving(bool isLameDuck)
    {
        string id = node.Info.ServerId;
        Tell(isLameDuck ? SystemSubjects.LameDuck(id) : SystemSubjects.Shutdown(id), json.Server);
    }

    /// <summary>Has a message published if somebody wants it.</summary>
    public void Tell(string subject, Func<byte[]> write)
    {
        if (interest.IsWanted(subject))
        {
            Add(subject, write);
        }
    }

    private void TellEnd(string subject, ClientSession client, CloseReason reason, DateTimeOffset at)
    {
        if (interest.IsWanted(subject))
        {
            ClientCard card = ClientCard.Of(client, at, reason);
            Add(subject, () => json.Event(SystemJson.DisconnectType, at, card.Write));
        }
    }

    private void TellConnections(Tenant tenant, DateTimeOffset at)
    {
        foreach (string subject in SystemSubjects.Connections(tenant.Name))
        {
            Tell(subject, () => json.Connections(tenant, at));
        }
    }

    private void Add(string subject, Func<byte[]> write)
    {
        if (!_queue.Writer.TryWrite(new SystemEvent(subject, write)))
        {
            CountDropped();
        }
    }
}

/// <summary>A message that waits to be written and published.</summary>
internal readonly record struct SystemEvent(string Subject, Func<byte[]> Write);
