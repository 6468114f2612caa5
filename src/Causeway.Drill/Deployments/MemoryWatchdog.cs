using System.Globalization;
using Causeway.Drill.Processes;

namespace Causeway.Drill.Deployments;

/// <summary>
/// Kills a node whose resident memory passes its limit, as the kernel does in a container, and says so: the same for every bus, and
/// without any rights on the machine.
/// </summary>
internal sealed class MemoryWatchdog : IAsyncDisposable
{
    /// <summary>Time from one look to the next.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly Func<IReadOnlyList<DeploymentNode>> _nodes;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _watching;

    public MemoryWatchdog(Func<IReadOnlyList<DeploymentNode>> nodes)
    {
        _nodes = nodes;
        _watching = Task.Run(WatchAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _watching.ConfigureAwait(false);
        _ending.Dispose();
    }

    /// <summary>Why a process that holds <paramref name="residentBytes"/> is killed; null if it may live on.</summary>
    internal static string? Verdict(long residentBytes, long limitBytes) => limitBytes == 0 || residentBytes <= limitBytes
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"out of memory: {residentBytes / 1048576.0:0.0} MiB resident, {limitBytes / 1048576.0:0.#} MiB allowed");

    private async Task WatchAsync()
    {
        using PeriodicTimer timer = new(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token).ConfigureAwait(false))
            {
                foreach (DeploymentNode node in _nodes())
                {
                    if (node.ProcessId != 0 && Verdict(ProcessFacts.ResidentBytes(node.ProcessId), node.MemoryLimitBytes) is { } verdict)
                    {
                        node.Process!.KillNow(verdict);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The deployment ends.
        }
    }
}
