using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Causeway.Client.Directing;

/// <summary>Asks the directors, one after the other until one answers; the one that did is asked first the next time. One call at a time.</summary>
internal sealed class DirectorLine : IDisposable
{
    private readonly FollowOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;
    private int _first;

    public DirectorLine(FollowOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;

        // Directors are on the deployment's own network; a proxy that the environment names is for others.
        _http = new HttpClient(options.Handler ?? new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }, disposeHandler: options.Handler is null)
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = ClientLimits.AdviceBytesMax,
        };
    }

    /// <summary>What the directors say; null if none answers.</summary>
    /// <param name="client">The client's name.</param>
    /// <param name="current">Where it is connected; empty for nowhere.</param>
    /// <param name="peek">True to be told the regions without asking for a place.</param>
    /// <param name="roundTrips">Measured round trips, in milliseconds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<RegionAdvice?> AskAsync(
        string client, string current, bool peek, IReadOnlyDictionary<string, double> roundTrips, CancellationToken cancellationToken)
    {
        string query = Query(client, current, peek, roundTrips);
        for (int i = 0; i < _options.Directors.Count; i++)
        {
            int index = (_first + i) % _options.Directors.Count;
            if (await AskAsync(new Uri(_options.Directors[index], query), cancellationToken).ConfigureAwait(false) is { } advice)
            {
                _first = index;
                return advice;
            }
        }

        return null;
    }

    public void Dispose() => _http.Dispose();

    private async Task<RegionAdvice?> AskAsync(Uri url, CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(_options.AnswerTimeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using HttpResponseMessage response = await _http.GetAsync(url, either.Token).ConfigureAwait(false);
            if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable))
            {
                return null;
            }

            byte[] body = await response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false);
            return JsonSerializer.Deserialize(body, AdviceJson.Default.RegionAdvice) is { Decision: not null } advice ? advice : null;
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Another director may answer; if none does, the client goes on with what it knows.
            return null;
        }
    }

    private static string Query(string client, string current, bool peek, IReadOnlyDictionary<string, double> roundTrips)
    {
        StringBuilder query = new($"/regions?client={Uri.EscapeDataString(client)}");
        if (current.Length > 0)
        {
            query.Append("&current=").Append(Uri.EscapeDataString(current));
        }

        if (peek)
        {
            query.Append("&peek=true");
        }

        foreach ((string region, double milliseconds) in roundTrips)
        {
            query.Append(CultureInfo.InvariantCulture, $"&rtt.{Uri.EscapeDataString(region)}={milliseconds:0.###}");
        }

        return query.ToString();
    }
}
