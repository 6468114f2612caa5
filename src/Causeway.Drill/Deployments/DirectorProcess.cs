using System.Net.Http.Headers;
using Causeway.Drill.Processes;

namespace Causeway.Drill.Deployments;

/// <summary>The director of a deployment, as a child process, and what operators ask of it. Thread-safe.</summary>
internal sealed class DirectorProcess : IAsyncDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);

    private readonly ChildProcess _process;
    private readonly HttpClient _http;

    private DirectorProcess(ChildProcess process, Uri url, string token)
    {
        _process = process;
        Url = url;
        _http = new HttpClient { BaseAddress = url, Timeout = AnswerPatience };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Where it serves.</summary>
    public Uri Url { get; }

    /// <summary>Its end, once it has ended.</summary>
    public Task<ChildEnd> Ended => _process.Ended;

    /// <summary>Starts one and returns once it knows regions to give.</summary>
    /// <exception cref="ProcessException">It did not start.</exception>
    public static async Task<DirectorProcess> StartAsync(
        IReadOnlyList<string> command, Uri url, string token, string logFile, IReadOnlyDictionary<string, string?> environment, TimeSpan patience, CancellationToken cancellationToken)
    {
        DirectorProcess director = new(ChildProcess.Start(command, logFile, environment), url, token);
        using CancellationTokenSource timeUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeUp.CancelAfter(patience);
        try
        {
            while (!await director.IsReadyAsync(timeUp.Token).ConfigureAwait(false))
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

    /// <summary>Drains a region: its clients go elsewhere at a bounded rate, and its nodes leave once it is empty or the deadline has come.</summary>
    /// <exception cref="ProcessException">It does not.</exception>
    public async Task DrainRegionAsync(string region, TimeSpan deadline, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await _http.PostAsync(new Uri($"drain/region/{region}?deadline_s={(long)deadline.TotalSeconds}&stop_nodes=true", UriKind.Relative), null, cancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
            {
                string words = await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
                throw new ProcessException($"the director does not drain '{region}': {words}");
            }
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            throw new ProcessException($"the director does not answer: {fault.Message}", fault);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.StopAsync(StopPatience).ConfigureAwait(false);
        await _process.DisposeAsync().ConfigureAwait(false);
        _http.Dispose();
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(new Uri("readyz", UriKind.Relative), cancellationToken).ConfigureAwait(false);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
