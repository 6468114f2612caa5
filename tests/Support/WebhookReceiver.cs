using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Causeway.Tests.Support;

/// <summary>An HTTP receiver on a free port that answers each request with the next status it was told, or never, or is gone.</summary>
public sealed class WebhookReceiver : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<int> _answers = new();
    private readonly ConcurrentBag<TcpClient> _clients = [];

    public WebhookReceiver(params int[] answers)
    {
        foreach (int answer in answers)
        {
            _answers.Enqueue(answer);
        }

        _listener.Start();
        Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/alarms");
        _ = AcceptAsync();
    }

    public Uri Url { get; }

    /// <summary>The status once the list is used up; 0 never answers.</summary>
    public int Then { get; set; } = 200;

    public ConcurrentQueue<JsonElement> Bodies { get; } = new();

    public string Headers { get; private set; } = "";

    public void Dispose()
    {
        _listener.Dispose();
        foreach (TcpClient client in _clients)
        {
            client.Dispose();
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                _clients.Add(client);
                _ = ServeAsync(client);
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using StreamReader reader = new(client.GetStream(), Encoding.Latin1);
            while (await reader.ReadLineAsync() is { } line)
            {
                StringBuilder headers = new(line);
                int length = 0;
                while (await reader.ReadLineAsync() is { Length: > 0 } header)
                {
                    headers.Append('\n').Append(header);
                    length = header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase) ? int.Parse(header[15..], null) : length;
                }

                char[] body = new char[length];
                await reader.ReadBlockAsync(body);
                int status = _answers.TryDequeue(out int answer) ? answer : Then;
                Headers = headers.ToString();
                using JsonDocument document = JsonDocument.Parse(Encoding.Latin1.GetBytes(body));
                Bodies.Enqueue(document.RootElement.Clone());
                if (status > 0)
                {
                    await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n"));
                }
            }
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            // The sender gave up, or the test ended.
        }
    }
}
