namespace Causeway.Client;

/// <summary>Something that happened to a client's connection; see the types derived from it.</summary>
public abstract record ClientEvent
{
    private ClientEvent()
    {
    }

    /// <summary>The first connection of a client that was started without one stands, see <see cref="BusClient.Start"/>.</summary>
    public sealed record Connected(ServerAddress Server) : ClientEvent;

    /// <summary>A connection stands again after it was lost, and all subscriptions are on their way to the server.</summary>
    public sealed record Reconnected(ServerAddress Server) : ClientEvent;

    /// <summary>The connection was lost.</summary>
    public sealed record Disconnected(ServerAddress Server, BusException Reason) : ClientEvent;

    /// <summary>An attempt to connect failed; <paramref name="Attempt"/> counts from 1 since the loss, or since the start.</summary>
    public sealed record ReconnectFailed(ServerAddress Server, int Attempt, BusException Reason) : ClientEvent;

    /// <summary>The server sent an error.</summary>
    public sealed record ServerError(string Text) : ClientEvent;

    /// <summary>The server is going to close its connections soon; the client will then connect to another one, if it knows any.</summary>
    public sealed record LameDuck(ServerAddress Server) : ClientEvent;

    /// <summary>The directors send the client to another region; it is about to leave <paramref name="Server"/> and to connect there.</summary>
    public sealed record Moving(ServerAddress Server, string Region) : ClientEvent;

    /// <summary>A subscription's reader is too slow and messages are being dropped. Raised once until the reader has caught up.</summary>
    public sealed record SlowConsumer(Subscription Subscription) : ClientEvent;

    /// <summary>The client is closed for good; <paramref name="Reason"/> is null where it was disposed or drained.</summary>
    public sealed record Closed(BusException? Reason) : ClientEvent;
}

/// <summary>Where a client stands.</summary>
public enum ConnectionState
{
    /// <summary>There is a connection.</summary>
    Connected,

    /// <summary>There is no connection, or none yet, and the client tries to get one.</summary>
    Reconnecting,

    /// <summary>The client is closed for good.</summary>
    Closed,
}
