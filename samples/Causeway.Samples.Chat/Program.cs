using System.Text;
using Causeway.Client;

// A chat room. Each line of standard input is said, and what others say is written. Start one on a node of each of two regions:
//   dotnet run -- nats://east:4222 ann
//   dotnet run -- nats://west:4222 bob
if (args is not [string url, string name])
{
    await Console.Error.WriteLineAsync("chat: two arguments are needed: the address of a server, and your name");
    return 1;
}

if (!ServerAddress.TryParse(url, out ServerAddress? address, out string? problem))
{
    await Console.Error.WriteLineAsync($"chat: address '{url}' {problem}");
    return 1;
}

try
{
    // Without echo one doesn't hear oneself. Who has just started the server, on a busy machine, has it wait.
    BusClientOptions options = new() { Servers = [address], Name = name, Echo = false, ConnectTimeout = TimeSpan.FromSeconds(30) };
    await using BusClient client = await BusClient.ConnectAsync(options);
    await using Subscription room = await client.SubscribeAsync("chat.room");
    await client.FlushAsync();
    Task listening = ListenAsync(room);
    Console.WriteLine($"you are {name}");

    while (await Console.In.ReadLineAsync() is { } line)
    {
        await client.PublishAsync("chat.room", Encoding.UTF8.GetBytes(line), headers: new MessageHeaders { ["From"] = name });
    }

    await client.DrainAsync(TimeSpan.FromSeconds(30));
    await listening;
    return 0;
}
catch (BusException failure)
{
    await Console.Error.WriteLineAsync($"chat: {failure.Message}");
    return 2;
}

static async Task ListenAsync(Subscription room)
{
    await foreach (Message message in room)
    {
        Console.WriteLine($"{message.Headers?["From"]}: {Encoding.UTF8.GetString(message.Data.Span)}");
    }
}
