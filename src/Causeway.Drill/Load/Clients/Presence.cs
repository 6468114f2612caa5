using Causeway.Drill.Load.Accounting;

namespace Causeway.Drill.Load.Clients;

/// <summary>A client while one of its connections lasts: what it publishes and is owed over it. Thread-safe.</summary>
internal sealed class Presence
{
    private readonly Seat[] _seats;

    /// <param name="client">Whose it is.</param>
    /// <param name="region">The region that it is connected to.</param>
    /// <param name="rooms">The rooms that it is in.</param>
    /// <param name="tally">Where what it gets is counted.</param>
    /// <param name="nextId">Gives the ids of streams.</param>
    public Presence(object client, string region, IReadOnlyList<Room> rooms, Tally tally, Func<int> nextId)
    {
        Region = region;
        _seats = [.. rooms.Select(room => new Seat(room, new MessageStream(nextId(), client, region), new Receiver(client, region, tally)))];
    }

    /// <summary>The region that the client is connected to; empty if nobody knows.</summary>
    public string Region { get; }

    /// <summary>What it publishes to its <paramref name="room"/>th room.</summary>
    public MessageStream Stream(int room) => _seats[room].Stream;

    /// <summary>A message came in its <paramref name="room"/>th room.</summary>
    public void Receive(int room, int stream, long number) => _seats[room].Receiver.Receive(stream, number);

    /// <summary>It may publish from now on.</summary>
    public void Begin()
    {
        foreach (Seat seat in _seats)
        {
            seat.Room.Open(seat.Stream);
        }
    }

    /// <summary>It is owed what is published from now on.</summary>
    public void Settle()
    {
        foreach (Seat seat in _seats)
        {
            seat.Room.Settle(seat.Receiver);
        }
    }

    /// <summary>Its connection has ended.</summary>
    public void End()
    {
        foreach (Seat seat in _seats)
        {
            seat.Room.Close(seat.Stream);
            seat.Room.Leave(seat.Receiver);
        }
    }

    private sealed record Seat(Room Room, MessageStream Stream, Receiver Receiver);
}
