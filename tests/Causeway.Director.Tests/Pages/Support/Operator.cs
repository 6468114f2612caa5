using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;

namespace Causeway.Director.Tests.Pages.Support;

/// <summary>A browser's part in a login, without the browser.</summary>
internal sealed partial class Operator : IDisposable
{
    private readonly HttpClientHandler _handler = new() { AllowAutoRedirect = false, CookieContainer = new CookieContainer() };

    public Operator(PagesHost host)
    {
        Host = host;
        Client = new HttpClient(_handler) { BaseAddress = host.Address, Timeout = Causeway.Tests.Support.Eventually.Deadline };
    }

    public PagesHost Host { get; }

    public HttpClient Client { get; }

    public string Csrf { get; private set; } = "";

    public CookieCollection Cookies => _handler.CookieContainer.GetCookies(new Uri(Host.Address, "/ops"));

    public static async Task<Operator> LoggedInAsync(PagesHost host)
    {
        Operator one = new(host);
        using HttpResponseMessage answer = await one.LogInAsync(PagesHost.Token);
        string page = await one.Client.GetStringAsync("/ops");
        one.Csrf = CsrfMeta().Match(page).Groups[1].Value;
        return one;
    }

    public Task<HttpResponseMessage> LogInAsync(string token, params (string Name, string Value)[] headers)
    {
        HttpRequestMessage request = new(HttpMethod.Post, "/ops/login") { Content = new FormUrlEncodedContent([new("token", token)]) };
        return SendAsync(request, headers);
    }

    /// <summary>Does an action as the page's script does.</summary>
    public Task<HttpResponseMessage> ActAsync(string action, object fields, params (string Name, string Value)[] headers) =>
        ActAsync(action, fields, Csrf, headers);

    public Task<HttpResponseMessage> ActAsync(string action, object fields, string? csrf, params (string Name, string Value)[] headers)
    {
        HttpRequestMessage request = new(HttpMethod.Post, "/ops/actions/" + action) { Content = JsonContent.Create(fields) };
        if (csrf is not null)
        {
            request.Headers.Add("X-Causeway-Csrf", csrf);
        }

        return SendAsync(request, headers);
    }

    public void Dispose()
    {
        Client.Dispose();
        _handler.Dispose();
    }

    [GeneratedRegex("<meta name=\"csrf\" content=\"([^\"]+)\">")]
    private static partial Regex CsrfMeta();

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, (string Name, string Value)[] headers)
    {
        foreach ((string name, string value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return Client.SendAsync(request);
    }
}
