using System.Text;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Client.Tests.Servers;

/// <summary>What tests against a server share: clients that are closed at the end, and short forms.</summary>
public abstract class ServerTest(SharedServers servers) : IAsyncDisposable
{
    private readonly List<BusClient> _clients = [];

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    protected virtual async ValueTask CloseAsync()
    {
        foreach (BusClient client in _clients)
        {
            await client.DisposeAsync();
        }
    }

    protected async Task<BusClient> ConnectAsync(string kind, Func<BusClientOptions, BusClientOptions>? change = null) =>
        await ConnectToAsync((await servers.GetAsync(kind)).Url, change);

    protected async Task<BusClient> ConnectToAsync(string url, Func<BusClientOptions, BusClientOptions>? change = null)
    {
        BusClientOptions options = new() { Servers = [ServerAddress.Parse(url)], ConnectTimeout = Eventually.Deadline };
        BusClient client = await BusClient.ConnectAsync(change is null ? options : change(options), Cancelled);
        _clients.Add(client);
        return client;
    }

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected static string Text(Message message) => Encoding.UTF8.GetString(message.Data.Span);

    /// <summary>The next messages of a subscription, as text.</summary>
    protected static async Task<List<string>> TakeAsync(Subscription subscription, int count)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(Eventually.Deadline);
        List<string> texts = [];
        await foreach (Message message in subscription.WithCancellation(deadline.Token))
        {
            texts.Add(Text(message));
            if (texts.Count == count)
            {
                break;
            }
        }

        return texts;
    }

    /// <summary>All messages of a subscription until it ends, as text.</summary>
    protected static async Task<List<string>> ReadToEndAsync(Subscription subscription)
    {
        List<string> texts = [];
        await foreach (Message message in subscription.WithCancellation(Cancelled))
        {
            texts.Add(Text(message));
        }

        return texts;
    }

    /// <summary>Answers requests with what <paramref name="answer"/> makes of them, until the subscription ends.</summary>
    protected static async Task RespondAsync(Subscription subscription, Func<string, string> answer)
    {
        await foreach (Message request in subscription.WithCancellation(Cancelled))
        {
            await request.ReplyAsync(Bytes(answer(Text(request))), cancellationToken: Cancelled);
        }
    }
}
