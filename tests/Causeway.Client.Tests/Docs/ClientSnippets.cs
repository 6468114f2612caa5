using System.Diagnostics;
using System.Text.Json.Serialization;
using Causeway.Client.Hosting;
using Causeway.Client.Serialization;
using Microsoft.Extensions.DependencyInjection;

namespace Causeway.Client.Tests.Docs;

/// <summary>The snippets of docs/client.md, compiled: <see cref="ClientGuideTests"/> finds each of them here or in a sample.</summary>
internal static partial class ClientSnippets
{
    public static async Task QuickStartAsync()
    {
        await using BusClient client = await BusClient.ConnectAsync(new BusClientOptions { Servers = [ServerAddress.Parse("nats://127.0.0.1:4222")] });

        await using Subscription orders = await client.SubscribeAsync("orders.>");
        await client.PublishAsync("orders.new", "{\"id\": 7}"u8.ToArray());
        await foreach (Message message in orders)
        {
            Console.WriteLine($"{message.Subject}: {message.Data.Length} bytes");
            break;
        }
    }

    public static async Task ConnectAsync()
    {
        BusClientOptions options = new()
        {
            Servers = [ServerAddress.Parse("nats://a:4222"), ServerAddress.Parse("nats://b:4222")],
            Name = "orders",
            Reconnect = new ReconnectOptions { DelayMin = TimeSpan.FromMilliseconds(100), DelayMax = TimeSpan.FromSeconds(30) },
            OnEvent = happened => Console.WriteLine(happened),
        };
        await using BusClient client = await BusClient.ConnectAsync(options);
    }

    public static async Task StartAsync(BusClientOptions options, ReadOnlyMemory<byte> payload)
    {
        await using BusClient client = BusClient.Start(options);
        await client.PublishAsync("orders.new", payload);
        await client.FlushAsync();
    }

    public static async Task PublishAsync(BusClient client, ReadOnlyMemory<byte> payload)
    {
        await client.PublishAsync("orders.new", payload, headers: new MessageHeaders { ["Trace"] = "7" });
        bool taken = client.TryPublish("orders.new", payload.Span);
        Console.WriteLine(taken);
    }

    public static async Task WorkAsync(BusClient client)
    {
        await using Subscription jobs = await client.SubscribeAsync("jobs", new SubscribeOptions
        {
            QueueGroup = "workers",
            PendingMessagesMax = 1000,
            SlowConsumer = SlowConsumerPolicy.DropOldest,
        });
        await jobs.ProcessAsync(async (job, cancelled) => await job.ReplyAsync(job.Data, cancellationToken: cancelled));
    }

    public static async Task AskAsync(BusClient client, ReadOnlyMemory<byte> payload)
    {
        try
        {
            Message reply = await client.RequestAsync("prices.ask", payload, timeout: TimeSpan.FromSeconds(1));
            Console.WriteLine(reply.Data.Length);
        }
        catch (NoRespondersException nobody)
        {
            Console.WriteLine(nobody.Message);
        }

        await foreach (Message reply in client.RequestManyAsync("nodes.who", repliesMax: 10, timeout: TimeSpan.FromSeconds(1)))
        {
            Console.WriteLine(reply.Subject);
        }
    }

    public static async Task DrainAsync(BusClient client, Subscription jobs)
    {
        await jobs.DrainAsync();
        await client.DrainAsync(TimeSpan.FromSeconds(10));
    }

    public static async Task TypedAsync(BusClient client)
    {
        await using TypedSubscription<Order> orders = await client.SubscribeAsync("orders.*", ShopJson.Default.Order);
        await client.PublishAsync("orders.new", new Order(7, "tea"), ShopJson.Default.Order);
        await foreach (TypedMessage<Order> message in orders)
        {
            Console.WriteLine(message.TryGetValue(out Order? order) ? order.Item : message.Fault!.Message);
            break;
        }

        string price = await client.RequestAsync("prices.ask", "tea", MessageSerializers.Utf8, MessageSerializers.Utf8);
        Console.WriteLine(price);
    }

    public static async Task ContinueTraceAsync(BusClient client, Subscription subscription)
    {
        await foreach (Message message in subscription)
        {
            using Activity? activity = message.StartActivity();
            await client.PublishAsync("next", message.Data);
        }
    }

    public static BusClientOptions Secure()
    {
        BusClientOptions options = new()
        {
            Servers = [ServerAddress.Parse("tls://bus.example.org:4222")],
            Tls = new ClientTlsOptions { CaFile = "ca.pem", CertificateFile = "client.pem", KeyFile = "client.key" },
        };
        return options;
    }

    public static (BusClientOptions Options, ClientCredentials[] All) LogIn(string password, string token)
    {
        ClientCredentials byPassword = ClientCredentials.ForUser("ann", password);
        ClientCredentials byToken = ClientCredentials.ForToken(token);
        ClientCredentials byNkey = ClientCredentials.ForNkeyFile("ann.nk");
        ClientCredentials byJwt = ClientCredentials.ForCredentialsFile("ann.creds");
        BusClientOptions options = new() { Credentials = byNkey };
        return (options, [byPassword, byToken, byNkey, byJwt]);
    }

    public static void Register(IServiceCollection services)
    {
        services.AddCausewayClient(_ => new ClientHostingOptions { Client = new BusClientOptions { Name = "orders" } }, "orders");
        services.AddSingleton(provider => new Shop(provider.GetRequiredKeyedService<BusClient>("orders")));
    }

    internal sealed record Order(int Id, string Item);

    internal sealed record Shop(BusClient Bus);

    [JsonSerializable(typeof(Order))]
    internal sealed partial class ShopJson : JsonSerializerContext;
}
