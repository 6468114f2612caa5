using System.Collections.Concurrent;
using Xunit;

namespace Causeway.Simulation;

/// <summary>
/// Many seeds of <see cref="SimulationRun"/>. CAUSEWAY_SIMULATION_SEED=n replays one; CAUSEWAY_SIMULATION_SEEDS=n runs as many,
/// beginning at CAUSEWAY_SIMULATION_FROM.
/// </summary>
public sealed class SimulationTests
{
    private const int DefaultSeeds = 1000;
    private const int MostFaultsShown = 3;
    private const int TraceLinesShown = 40;

    [Fact]
    public void A_deployment_that_was_broken_is_exact_again()
    {
        int one = Read("CAUSEWAY_SIMULATION_SEED", -1);
        int first = one >= 0 ? one : Read("CAUSEWAY_SIMULATION_FROM", 1);
        int count = one >= 0 ? 1 : Read("CAUSEWAY_SIMULATION_SEEDS", DefaultSeeds);
        ConcurrentBag<string> faults = [];
        long received = 0;
        Parallel.For(first, first + count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, loop) =>
        {
            SimulationRun run = new(seed);
            try
            {
                run.Run();
                Interlocked.Add(ref received, run.Received);
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                faults.Add($"seed {seed} ({run.Description}): {fault.Message}\nreplay: CAUSEWAY_SIMULATION_SEED={seed} ./test Simulation\n"
                    + string.Join('\n', run.Trace.TakeLast(TraceLinesShown))
                    + $"\n{run.State}\n{fault.StackTrace}");
                if (faults.Count >= MostFaultsShown)
                {
                    loop.Stop();
                }
            }
        });
        Assert.True(faults.IsEmpty, string.Join("\n\n", faults));
        Assert.True(received > 0, "nothing was ever delivered");
    }

    private static int Read(string variable, int fallback) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out int value) ? value : fallback;
}
