using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Causeway.Core.Alarms;
using Causeway.Core.Alarms.Webhooks;

namespace Causeway.Alerting;

/// <summary>
/// Posts alarms to one receiver, on a task of its own: one that hangs, fails or is gone keeps nobody waiting but itself.
/// Thread-safe.
/// </summary>
public sealed class WebhookSender : IDisposable
{
    private static readonly TimeSpan MaxEndTime = TimeSpan.FromSeconds(2);

    private readonly Uri _url;
    private readonly AlertmanagerPayload _payload;
    private readonly WebhookLimits _limits;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly WebhookQueue _queue;
    private readonly HttpClient _http;
    private readonly SemaphoreSlim _news = new(0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _sending;
    private string _lastFailure = "";

    /// <summary>Creates a sender and starts its task.</summary>
    public WebhookSender(Uri url, AlertmanagerPayload payload, WebhookLimits limits, TimeProvider time, Random random)
    {
        _url = url;
        _payload = payload;
        _limits = limits;
        _time = time;
        _started = time.GetTimestamp();
        _queue = new WebhookQueue(limits, random);
        // A redirect is refused: alarms go where the operator said.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) }) { Timeout = Timeout.InfiniteTimeSpan };
        if (url.UserInfo.Length > 0)
        {
            string credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(url.UserInfo)));
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        }

        _sending = Task.Run(SendAllAsync);
    }

    /// <summary>The receiver as it may be shown: scheme, host and port, as path and user may hold secrets.</summary>
    public string Name => _url.GetLeftPart(UriPartial.Scheme) + _url.Authority[(_url.Authority.LastIndexOf('@') + 1)..];

    /// <summary>What became of everything so far.</summary>
    public WebhookCounters Counters => _queue.Counters;

    /// <summary>Why the last delivery that failed did; empty if none did.</summary>
    public string LastFailure => Volatile.Read(ref _lastFailure);

    private TimeSpan Elapsed => _time.GetElapsedTime(_started);

    /// <summary>Adds what is to be told. Never waits.</summary>
    public void Send(IReadOnlyList<AlarmChange> changes)
    {
        foreach (AlarmChange change in changes)
        {
            _queue.Add(change, Elapsed);
        }

        if (changes.Count > 0 && !_ended.IsCancellationRequested)
        {
            _news.Release();
        }
    }

    /// <summary>Ends the task; what still waits is not told.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        _sending.Wait(MaxEndTime);
        _http.Dispose();
    }

    private async Task SendAllAsync()
    {
        try
        {
            while (true)
            {
                if (_queue.TryTake(Elapsed, out IReadOnlyList<AlarmChange> alarms))
                {
                    await DeliverAsync(alarms).ConfigureAwait(false);
                }
                else if (_queue.Wait(Elapsed) is { } pause)
                {
                    await Task.Delay(pause, _time, _ended.Token).ConfigureAwait(false);
                }
                else
                {
                    await _news.WaitAsync(_ended.Token).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task DeliverAsync(IReadOnlyList<AlarmChange> alarms)
    {
        using CancellationTokenSource deadline = new(_limits.DeliveryTimeout, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, _ended.Token);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Post, _url) { Content = new ByteArrayContent(_payload.Write(alarms)) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            // What the receiver says besides the status concerns nobody, and may never end.
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            OnAnswer(response.StatusCode);
        }
        catch (OperationCanceledException) when (!_ended.IsCancellationRequested)
        {
            Fail($"no answer within {_limits.DeliveryTimeout.TotalSeconds:0.###} s");
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or InvalidOperationException)
        {
            Fail(fault.Message);
        }
    }

    private void OnAnswer(HttpStatusCode status)
    {
        int number = (int)status;
        if (number is >= 200 and < 300)
        {
            _queue.OnDelivered();
        }
        else if (number >= 500 || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests)
        {
            Fail($"status {number}");
        }
        else
        {
            Volatile.Write(ref _lastFailure, $"refused with status {number}");
            _queue.OnRefused();
        }
    }

    private void Fail(string reason)
    {
        Volatile.Write(ref _lastFailure, reason);
        _queue.OnFailed(Elapsed);
    }
}
