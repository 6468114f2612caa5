using System.Text;
using Causeway.Client;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Cli.Tests.Programs;

/// <summary>What tests of the running program share: it runs against a server, with a client of the test on the other side.</summary>
public abstract class ProgramTest(SharedServers servers)
{
    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    protected async Task<string> UrlAsync(string kind) => (await servers.GetAsync(kind)).Url;

    protected async Task<BusClient> ClientAsync(string kind) => await BusClient.ConnectAsync(
        new BusClientOptions { Servers = [ServerAddress.Parse(await UrlAsync(kind))], ConnectTimeout = Eventually.Deadline }, Cancelled);

    private protected async Task<ProgramResult> RunAsync(string kind, params string[] arguments) =>
        await CausewayProcess.RunAsync(await UrlAsync(kind), arguments);

    private protected async Task<ProgramResult> RunWithInputAsync(string kind, byte[] input, params string[] arguments) =>
        await CausewayProcess.RunAsync(await UrlAsync(kind), arguments, input);

    private protected async Task<CausewayProcess> StartAsync(string kind, params string[] arguments) =>
        CausewayProcess.Start(await UrlAsync(kind), arguments);

    /// <summary>The next messages of a subscription.</summary>
    protected static async Task<List<Message>> TakeAsync(Subscription subscription, int count)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(Eventually.Deadline);
        List<Message> messages = [];
        await foreach (Message message in subscription.WithCancellation(deadline.Token))
        {
            messages.Add(message);
            if (messages.Count == count)
            {
                break;
            }
        }

        return messages;
    }

    protected static string Text(Message message) => Encoding.UTF8.GetString(message.Data.Span);
}
