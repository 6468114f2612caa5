using Causeway.Client;
using Causeway.Client.Rpc;

namespace Causeway.Samples.Rooms;

/// <summary>A process that serves rooms: each of them is a key, and none is a subscription.</summary>
internal sealed class RoomServer : IAsyncDisposable
{
    private readonly string _name;
    private readonly RpcServer _server;
    private RpcHost? _rooms;

    private RoomServer(string name, RpcServer server)
    {
        _name = name;
        _server = server;
    }

    public static async Task<RoomServer> StartAsync(BusClient bus, string name)
    {
        RoomServer rooms = new(name, await RpcServer.OpenAsync(bus));
        RpcHandlers handlers = new() { Affinity = RpcAffinities.LeastLoaded };
        handlers
            .On(Rooms.Open, (request, _) => Task.FromResult(rooms.Open(request)))
            .On(Rooms.Mute, (request, context) => Task.FromResult(new Muted(rooms._name)), new RpcMethodOptions { ConcurrencyMax = 16 })
            .On(Rooms.Chat, rooms.ChatAsync);
        rooms._rooms = await rooms._server.ServeAsync(Rooms.Service, handlers);
        return rooms;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private RoomOpened Open(OpenRoom request) =>
        _rooms!.Add(request.Name) ? new RoomOpened(_name) : throw new RpcException(RpcCode.Refused, $"room '{request.Name}' is open already");

    private async Task ChatAsync(RpcStream<ChatLine, ChatLine> chat, RpcContext context)
    {
        await foreach (ChatLine line in chat.WithCancellation(context.Cancelled))
        {
            await chat.WriteAsync(new ChatLine(_name, $"{line.From} in {context.Key} says: {line.Text}"), context.Cancelled);
        }
    }
}
