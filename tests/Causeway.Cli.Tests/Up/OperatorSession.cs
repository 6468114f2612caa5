using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace Causeway.Cli.Tests.Up;

/// <summary>An operator at the page of <c>causeway up</c>, without the browser: logs in, reads frames, acts.</summary>
internal sealed partial class OperatorSession : IDisposable
{
    private const string CsrfHeader = "X-Causeway-Csrf";

    private readonly HttpClient _http;

    private OperatorSession(Uri director) => _http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = director };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Csrf { get; set; } = "";

    public static async Task<OperatorSession> LogInAsync(Uri director, string token)
    {
        OperatorSession session = new(director);
        using FormUrlEncodedContent form = new([new("token", token)]);
        using HttpResponseMessage answer = await session._http.PostAsync(new Uri("/ops/login", UriKind.Relative), form, Token);
        string page = await answer.Content.ReadAsStringAsync(Token);
        session.Csrf = CsrfPattern().Match(page).Groups[1].Value;
        Assert.NotEmpty(session.Csrf);
        return session;
    }

    /// <summary>The names of the drills that can be started.</summary>
    public async Task<string[]> DrillsAsync()
    {
        using JsonDocument offers = JsonDocument.Parse(await _http.GetStringAsync(new Uri("/ops/drills", UriKind.Relative), Token));
        return [.. offers.RootElement.EnumerateArray().Select(offer => offer.GetProperty("name").GetString()!)];
    }

    /// <summary>Does an action; gives the status and the problem.</summary>
    public async Task<(HttpStatusCode Status, string Problem)> ActAsync(string action, object fields, bool hasCsrf = true)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri($"/ops/actions/{action}", UriKind.Relative)) { Content = JsonContent.Create(fields) };
        if (hasCsrf)
        {
            request.Headers.Add(CsrfHeader, Csrf);
        }

        using HttpResponseMessage answer = await _http.SendAsync(request, Token);
        using JsonDocument body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
        return (answer.StatusCode, body.RootElement.GetProperty("problem").GetString()!);
    }

    /// <summary>Reads frames until the drill in one is as wanted, and gives it.</summary>
    public async Task<JsonElement> DrillAsync(Func<JsonElement, bool> wanted, TimeSpan most)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(Token);
        late.CancelAfter(most);
        using Stream stream = await _http.GetStreamAsync(new Uri("/ops/events", UriKind.Relative), late.Token);
        using StreamReader lines = new(stream);
        string last = "no drill";
        try
        {
            while (await lines.ReadLineAsync(late.Token) is { } line)
            {
                if (line.StartsWith("data:", StringComparison.Ordinal) && JsonDocument.Parse(line[5..]).RootElement.GetProperty("drill") is { ValueKind: JsonValueKind.Object } drill)
                {
                    if (wanted(drill))
                    {
                        return drill;
                    }

                    last = drill.ToString();
                }
            }
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            throw new TimeoutException($"within {most.TotalSeconds:0} s no drill was as wanted; the page showed last: {last}");
        }

        throw new EndOfStreamException($"the page's stream has ended; it showed last: {last}");
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("<meta name=\"csrf\" content=\"([^\"]+)\">")]
    private static partial Regex CsrfPattern();
}
