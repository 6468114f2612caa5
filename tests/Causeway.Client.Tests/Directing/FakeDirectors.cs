using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;

namespace Causeway.Client.Tests.Directing;

/// <summary>Directors that answer as a test says, by host; one that is not told what to say is dead. Keeps what it was asked.</summary>
internal sealed class FakeDirectors : HttpMessageHandler
{
    private readonly ConcurrentDictionary<string, Func<CancellationToken, Task<HttpResponseMessage>>> _answers = new();

    /// <summary>What was asked, as host and query, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public static Uri Url(string host) => new($"http://{host}:8080");

    /// <summary>An answer of a director; <paramref name="regions"/> as <c>name=url url</c>, the nearest first.</summary>
    public static string Advice(string decision, string region = "", int retryMs = 0, int pollMs = 10_000, params string[] regions) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"client":"c","decision":"{{decision}}","region":"{{region}}","reason":"because","grant_ms":0,"retry_after_ms":{{retryMs}},"poll_after_ms":{{pollMs}},"in_doubt":false,"regions":[{{string.Join(',', regions.Select(Row))}}]}""");

    /// <summary>From now on <paramref name="host"/> says this.</summary>
    public void Say(string host, string body, HttpStatusCode status = HttpStatusCode.OK) => _answers[host] = _ => Task.FromResult(Of(body, status));

    /// <summary>From now on it says these, one after the other, and then the last again and again.</summary>
    public void SayInTurn(string host, params string[] bodies)
    {
        int next = 0;
        _answers[host] = _ => Task.FromResult(Of(bodies[Math.Min(next++, bodies.Length - 1)], HttpStatusCode.OK));
    }

    /// <summary>From now on it takes requests and never answers.</summary>
    public void Hang(string host) => _answers[host] = async cancelled =>
    {
        await new TaskCompletionSource<HttpResponseMessage>().Task.WaitAsync(cancelled);
        throw new InvalidOperationException();
    };

    /// <summary>From now on it begins to answer and breaks off.</summary>
    public void BreakOff(string host) => _answers[host] = _ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new BrokenContent() });

    public void Kill(string host) => _answers.TryRemove(host, out _);

    public int AskedOf(string host) => Asked.Count(asked => asked.StartsWith(host + "/", StringComparison.Ordinal));

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string host = request.RequestUri!.Host;
        Asked.Enqueue($"{host}{request.RequestUri.PathAndQuery}");
        return _answers.TryGetValue(host, out Func<CancellationToken, Task<HttpResponseMessage>>? answer) ? answer(cancellationToken) : throw new HttpRequestException("connection refused");
    }

    private static HttpResponseMessage Of(string body, HttpStatusCode status) => new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private static string Row(string region)
    {
        string[] parts = region.Split('=');
        string[] urls = [.. parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(url => $"\"{url}\"")];
        return $$"""{"name":"{{parts[0]}}","state":"healthy","urls":[{{string.Join(',', urls)}}],"room":10}""";
    }

    private sealed class BrokenContent : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("{\"decision\":\"conn"u8.ToArray());
            throw new IOException("the connection broke");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
