using Causeway.Client;
using Causeway.Client.Serialization;
using Causeway.Samples.WorkQueue;

// Three workers share a queue of jobs. One of them leaves in the middle, in good order: it finishes what it was given, and the others go on.
// Start a server first (./causeway serve); an argument names its address.
if (!ServerAddress.TryParse(args is [string text] ? text : "nats://127.0.0.1:4222", out ServerAddress? address, out string? problem))
{
    await Console.Error.WriteLineAsync($"workqueue: address '{args[0]}' {problem}");
    return 1;
}

const int JobCount = 3000;
try
{
    BusClientOptions options = new() { Servers = [address], ConnectTimeout = TimeSpan.FromSeconds(30) };
    await using BusClient client = await BusClient.ConnectAsync(options);
    await using TypedSubscription<Done> done = await client.SubscribeAsync("jobs.done", JobJson.Default.Done);
    Worker[] workers = [.. await Task.WhenAll(Enumerable.Range(1, 3).Select(number => Worker.StartAsync(options, $"worker {number}")))];

    for (int id = 0; id < JobCount; id++)
    {
        await client.PublishAsync("jobs.new", new Job(id), JobJson.Default.Job);
        if (id == JobCount / 2)
        {
            await workers[0].LeaveAsync();
            Console.WriteLine($"{workers[0].Name} has left");
        }
    }

    HashSet<int> finished = [];
    await foreach (TypedMessage<Done> message in done)
    {
        finished.Add(message.Value.Id);
        if (finished.Count == JobCount)
        {
            break;
        }
    }

    await Task.WhenAll(workers[1..].Select(worker => worker.LeaveAsync()));
    int inAll = workers.Sum(worker => worker.Jobs);
    Console.WriteLine($"{finished.Count} of {JobCount} jobs done, each once: {inAll == JobCount}");
    return 0;
}
catch (BusException failure)
{
    await Console.Error.WriteLineAsync($"workqueue: {failure.Message}");
    return 2;
}
