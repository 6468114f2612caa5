using Causeway.Client;
using Causeway.Client.Serialization;

namespace Causeway.Samples.WorkQueue;

/// <summary>Takes jobs from the queue group, one at a time, until it leaves.</summary>
internal sealed class Worker
{
    private readonly BusClient _client;
    private readonly Task _working;

    private Worker(BusClient client, TypedSubscription<Job> jobs, string name)
    {
        _client = client;
        Name = name;
        _working = jobs.ProcessAsync(WorkAsync);
    }

    public string Name { get; }

    public int Jobs { get; private set; }

    public static async Task<Worker> StartAsync(BusClientOptions options, string name)
    {
        BusClient client = await BusClient.ConnectAsync(options with { Name = name });
        TypedSubscription<Job> jobs = await client.SubscribeAsync("jobs.new", JobJson.Default.Job, new SubscribeOptions { QueueGroup = "workers" });

        // From here on the server gives it jobs.
        await client.FlushAsync();
        return new Worker(client, jobs, name);
    }

    /// <summary>Takes no more jobs, finishes those it was given, and disconnects.</summary>
    public async Task LeaveAsync()
    {
        await _client.DrainAsync(TimeSpan.FromSeconds(30));
        await _working;
    }

    private async ValueTask WorkAsync(TypedMessage<Job> job, CancellationToken cancellationToken)
    {
        Jobs++;
        await _client.PublishAsync("jobs.done", new Done(job.Value.Id, Name), JobJson.Default.Done, cancellationToken: cancellationToken);
    }
}
