using System.Buffers.Text;
using System.Diagnostics;
using Causeway.Client;
using BusClient = Causeway.Client.BusClient;

namespace Causeway.Compare.Clients;

/// <summary>
/// The load of <c>bench/clients</c> made with Causeway.Client, used as its documentation shows. The programs in C and JavaScript take the
/// same arguments, do the same and print the same.
/// </summary>
internal sealed class CausewayLoad(BusClient client, LoadPlan plan)
{
    /// <summary>The first argument that chooses it.</summary>
    public const string Name = "client-load";

    private const int Failed = 1;

    private readonly byte[] _payload = plan.Payload();

    public static int Run(string[] arguments)
    {
        try
        {
            RunAsync(LoadPlan.Parse(arguments)).GetAwaiter().GetResult();
            return 0;
        }
        catch (Exception failure) when (failure is CompareException or BusException or TimeoutException or FormatException or ArgumentException)
        {
            Console.Error.WriteLine($"Causeway.Client: {failure.Message}");
            return Failed;
        }
    }

    private static async Task RunAsync(LoadPlan plan)
    {
        await using BusClient client = await BusClient.ConnectAsync(
            new BusClientOptions { Servers = [ServerAddress.Parse($"nats://{plan.Server}")], Reconnect = null });
        CausewayLoad load = new(client, plan);
        LoadFigures figures = plan.Role switch
        {
            LoadPlan.Publish => await load.PublishAsync(),
            LoadPlan.Send => await load.SendAsync(),
            LoadPlan.Receive => await load.ReceiveAsync(),
            LoadPlan.Request => await load.RequestAsync(),
            LoadPlan.Respond => await load.RespondAsync(),
            _ => throw new CompareException($"there is no role {plan.Role}"),
        };
        Console.Out.WriteLine(figures.Json());
    }

    private async Task<LoadFigures> PublishAsync()
    {
        await PublishForAsync(plan.WarmupSeconds);
        LoadMoment from = LoadMoment.Now();
        long count = await PublishForAsync(plan.Seconds);
        return LoadFigures.Between(from, LoadMoment.Now(), count);
    }

    private async Task<long> PublishForAsync(double seconds)
    {
        long began = Stopwatch.GetTimestamp();
        long count = 0;
        do
        {
            await PublishBurstAsync();
            count += LoadPlan.Burst;
        }
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds);

        await client.FlushAsync();
        return count;
    }

    private async ValueTask PublishBurstAsync()
    {
        for (int i = 0; i < LoadPlan.Burst; i++)
        {
            await client.PublishAsync(LoadPlan.Subject, _payload);
        }
    }

    private async Task<LoadFigures> SendAsync()
    {
        await using Subscription subscription = await client.SubscribeAsync(LoadPlan.Acks);
        await using IAsyncEnumerator<Message> acks = subscription.GetAsyncEnumerator();
        await client.FlushAsync();
        await SendForAsync(acks, plan.WarmupSeconds);
        LoadMoment from = LoadMoment.Now();
        long count = await SendForAsync(acks, plan.Seconds);
        return LoadFigures.Between(from, LoadMoment.Now(), count);
    }

    /// <summary>Publishes, at most a window ahead of the receiver, and waits until it has everything.</summary>
    private async Task<long> SendForAsync(IAsyncEnumerator<Message> acks, double seconds)
    {
        long began = Stopwatch.GetTimestamp();
        long count = 0;
        long acknowledged = 0;
        do
        {
            await WaitForAcksAsync(count + LoadPlan.Burst - LoadPlan.Window);
            await PublishBurstAsync();
            count += LoadPlan.Burst;
        }
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds);

        await client.PublishAsync(LoadPlan.Subject, plan.MarkOf(++count));
        await WaitForAcksAsync(count);
        return count;

        async ValueTask WaitForAcksAsync(long wanted)
        {
            while (acknowledged < wanted)
            {
                acknowledged = await acks.MoveNextAsync() ? Number(acks.Current.Data.Span) : throw new CompareException("the connection ended");
            }
        }
    }

    private Task<LoadFigures> ReceiveAsync() => UntilMarksAsync((message, count, last) =>
        last || count % LoadPlan.AckEvery == 0 ? AcknowledgeAsync(message, count, last) : ValueTask.CompletedTask);

    private ValueTask AcknowledgeAsync(Message message, long count, bool last)
    {
        if (last && Number(message.Data.Span[1..]) is var sent && sent != count)
        {
            throw new CompareException($"{count} messages came and {sent} were sent");
        }

        byte[] ack = new byte[20];
        Utf8Formatter.TryFormat(count, ack, out int length);
        return client.PublishAsync(LoadPlan.Acks, ack.AsMemory(0, length));
    }

    private Task<LoadFigures> RespondAsync() => UntilMarksAsync((message, _, _) => message.ReplyAsync(message.Data));

    /// <summary>Receives until the second mark, and measures from the first, which ends the warm-up.</summary>
    private async Task<LoadFigures> UntilMarksAsync(Func<Message, long, bool, ValueTask> handle)
    {
        await using Subscription subscription = await client.SubscribeAsync(LoadPlan.Subject);
        await client.FlushAsync();
        Console.Out.WriteLine(LoadPlan.Ready);
        long count = 0;
        LoadMoment? began = null;
        await foreach (Message message in subscription)
        {
            ReadOnlySpan<byte> data = message.Data.Span;
            if (data.Length != plan.Size || data[0] is not (LoadPlan.Usual or LoadPlan.Mark))
            {
                throw new CompareException("a message came that was not sent");
            }

            count++;
            bool last = data[0] == LoadPlan.Mark;
            LoadMoment ended = last ? LoadMoment.Now() : default;
            await handle(message, count, last);
            if (last && began is { } from)
            {
                await client.FlushAsync();
                return LoadFigures.Between(from, ended, count);
            }

            if (last)
            {
                began = ended;
                count = 0;
            }
        }

        throw new CompareException("the connection ended");
    }

    private async Task<LoadFigures> RequestAsync()
    {
        await RequestForAsync(plan.WarmupSeconds);
        await AskAsync(plan.MarkOf(0));
        LoadMoment from = LoadMoment.Now();
        List<double> microseconds = await RequestForAsync(plan.Seconds);
        LoadFigures figures = LoadFigures.Between(from, LoadMoment.Now(), microseconds.Count);
        await AskAsync(plan.MarkOf(0));
        microseconds.Sort();
        return figures with { P50Us = microseconds[microseconds.Count / 2], P99Us = microseconds[(int)(microseconds.Count * 0.99)] };
    }

    private async Task<List<double>> RequestForAsync(double seconds)
    {
        long began = Stopwatch.GetTimestamp();
        List<double>[] all = await Task.WhenAll(Enumerable.Range(0, plan.InFlight).Select(_ => Task.Run(async () =>
        {
            List<double> microseconds = [];
            while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
            {
                long start = Stopwatch.GetTimestamp();
                await AskAsync(_payload);
                microseconds.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }

            return microseconds;
        })));
        return [.. all.SelectMany(one => one)];
    }

    private async Task AskAsync(byte[] data)
    {
        Message reply = await client.RequestAsync(LoadPlan.Subject, data);
        if (!reply.Data.Span.SequenceEqual(data))
        {
            throw new CompareException("a reply is not what was asked for");
        }
    }

    private static long Number(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long number, out _) ? number : throw new CompareException("a message came without its number");
}
