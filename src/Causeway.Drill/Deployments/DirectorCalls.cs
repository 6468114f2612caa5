using System.Net.Http.Headers;
using Causeway.Drill.Processes;

namespace Causeway.Drill.Deployments;

/// <summary>What a deployment asks of its director, as operators do. Thread-safe.</summary>
internal sealed class DirectorCalls : IDisposable
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;

    /// <param name="url">Where it serves.</param>
    /// <param name="token">The operators' token.</param>
    public DirectorCalls(Uri url, string token)
    {
        Url = url;
        _http = new HttpClient { BaseAddress = url, Timeout = AnswerPatience };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Where it serves.</summary>
    public Uri Url { get; }

    /// <summary>True if it says, in time, that it knows regions to give.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(new Uri("readyz", UriKind.Relative), cancellationToken).ConfigureAwait(false);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>True if it tells clients, in time, of the node at <paramref name="clientAddress"/>: it knows the node and takes it for ready.</summary>
    public async Task<bool> ListsAsync(string clientAddress, CancellationToken cancellationToken)
    {
        try
        {
            string answer = await _http.GetStringAsync(new Uri("regions?client=deployment&peek=true", UriKind.Relative), cancellationToken).ConfigureAwait(false);
            return answer.Contains($"\"nats://{clientAddress}\"", StringComparison.Ordinal);
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>Drains a region: its clients go elsewhere at a bounded rate, and its nodes leave once it is empty or the deadline has come.</summary>
    /// <exception cref="ProcessException">It does not.</exception>
    public Task DrainRegionAsync(string region, TimeSpan deadline, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, $"drain/region/{region}?deadline_s={(long)deadline.TotalSeconds}&stop_nodes=true", cancellationToken);

    /// <summary>Ends the drain of a region, if it is drained.</summary>
    /// <exception cref="ProcessException">It does not.</exception>
    public Task UndrainRegionAsync(string region, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, $"drain/region/{region}", cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task SendAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage request = new(method, new Uri(path, UriKind.Relative));
            using HttpResponseMessage answer = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
            {
                string words = await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
                throw new ProcessException($"the director refuses {method} {path}: {words}");
            }
        }
        catch (Exception fault) when (fault is HttpRequestException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ProcessException($"the director does not answer: {fault.Message}", fault);
        }
    }
}
