using Causeway.Client;
using Causeway.Client.Rpc;
using Causeway.Samples.Rooms;

// Two servers of rooms and one caller in one program: start a bus with ./causeway serve first. An argument names another address.
if (!ServerAddress.TryParse(args is [string text] ? text : "nats://127.0.0.1:4222", out ServerAddress? address, out string? problem))
{
    await Console.Error.WriteLineAsync($"rooms: address '{args[0]}' {problem}");
    return 1;
}

try
{
    BusClientOptions options = new() { Servers = [address] };
    await using BusClient first = await BusClient.ConnectAsync(options);
    await using BusClient second = await BusClient.ConnectAsync(options);
    await using BusClient third = await BusClient.ConnectAsync(options);
    await using RoomServer one = await RoomServer.StartAsync(first, "server one");
    await using RoomServer two = await RoomServer.StartAsync(second, "server two");
    await using RpcClient caller = await RpcClient.OpenAsync(third);

    for (int i = 0; i < 1000; i++)
    {
        await caller.CallAsync(Rooms.Open, RpcTarget.Best(), new OpenRoom($"room-{i}"));
    }

    Muted muted = await caller.CallAsync(Rooms.Mute, RpcTarget.Key("room-7"), new Mute("ann"), TimeSpan.FromSeconds(1));
    Console.WriteLine($"{muted.Server} muted ann in room-7");

    await using RpcStream<ChatLine, ChatLine> chat = await caller.OpenStreamAsync(Rooms.Chat, RpcTarget.Key("room-7"));
    await chat.WriteAsync(new ChatLine("bob", "hello"));
    chat.Complete();
    await foreach (ChatLine line in chat)
    {
        Console.WriteLine($"{line.From}: {line.Text}");
    }

    int subscriptions = first.Statistics.Subscriptions + second.Statistics.Subscriptions + third.Statistics.Subscriptions;
    Console.WriteLine($"1000 rooms, {subscriptions} subscriptions");
    return 0;
}
catch (BusException failure)
{
    await Console.Error.WriteLineAsync($"rooms: {failure.Message}");
    return 2;
}
