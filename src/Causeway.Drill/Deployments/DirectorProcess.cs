using Causeway.Drill.Processes;

namespace Causeway.Drill.Deployments;

/// <summary>The director of a deployment, as a child process. Thread-safe.</summary>
internal sealed class DirectorProcess : IAsyncDisposable
{
    /// <summary>Time from one look to the next, whether it is ready.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly ChildProcess _process;

    private DirectorProcess(ChildProcess process) => _process = process;

    /// <summary>Its end, once it has ended.</summary>
    public Task<ChildEnd> Ended => _process.Ended;

    /// <summary>Starts one and returns once it knows regions to give.</summary>
    /// <exception cref="ProcessException">It did not start.</exception>
    public static async Task<DirectorProcess> StartAsync(
        IReadOnlyList<string> command, DirectorCalls calls, string logFile, IReadOnlyDictionary<string, string?> environment, TimeSpan patience, CancellationToken cancellationToken)
    {
        DirectorProcess director = new(ChildProcess.Start(command, logFile, environment));
        using CancellationTokenSource timeUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeUp.CancelAfter(patience);
        try
        {
            while (!await calls.IsReadyAsync(timeUp.Token).ConfigureAwait(false))
            {
                if (director._process.HasEnded)
                {
                    throw new ProcessException($"the director ended at its start: {(await director.Ended.ConfigureAwait(false)).Cause}");
                }

                await Task.Delay(LookInterval, timeUp.Token).ConfigureAwait(false);
            }

            return director;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            string words = director._process.LastWords;
            await director.DisposeAsync().ConfigureAwait(false);
            throw new ProcessException($"the director is not ready {patience.TotalSeconds:0} s after its start: {words}");
        }
        catch
        {
            await director.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.StopAsync(StopPatience).ConfigureAwait(false);
        await _process.DisposeAsync().ConfigureAwait(false);
    }
}
