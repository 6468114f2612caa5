using Causeway.Client;
using Causeway.Client.Serialization;

namespace Causeway.Samples.Web;

/// <summary>Answers what things cost.</summary>
internal sealed class PriceWorker(BusClient bus) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        SubscribeOptions shared = new() { QueueGroup = "prices" };
        await using TypedSubscription<string> questions = await bus.SubscribeAsync("prices.ask", MessageSerializers.Utf8, shared, stoppingToken);
        await questions.ProcessAsync(
            (question, cancelled) => question.ReplyAsync($"{question.Value.Length} EUR", MessageSerializers.Utf8, cancellationToken: cancelled), stoppingToken);
    }
}
