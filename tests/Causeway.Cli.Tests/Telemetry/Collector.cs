using System.Net;
using System.Text;
using Causeway.Tests.Support;

namespace Causeway.Cli.Tests.Telemetry;

/// <summary>Takes what is exported by OTLP over HTTP, as a collector does, and keeps the bodies.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private const int MaxBodies = 1000;

    private readonly HttpListener _listener = new();
    private readonly List<(string Path, byte[] Body)> _received = [];
    private readonly Task _running;

    private Collector(int port)
    {
        Address = $"http://127.0.0.1:{port}";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _running = RunAsync();
    }

    public string Address { get; }

    public static Collector Start()
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                return new Collector(FreePorts.Take());
            }
            catch (HttpListenerException) when (attempt < 5)
            {
                // Somebody else took the port in between.
            }
        }
    }

    /// <summary>True if one body at <paramref name="path"/> has all the <paramref name="parts"/>: protobuf has texts and ids as they are.</summary>
    public bool Has(string path, params byte[][] parts)
    {
        lock (_received)
        {
            return _received.Any(body => body.Path == path && Array.TrueForAll(parts, part => body.Body.AsSpan().IndexOf(part) >= 0));
        }
    }

    public bool Has(string path, params string[] texts) => Has(path, [.. texts.Select(Encoding.UTF8.GetBytes)]);

    /// <summary>True if any body has the text.</summary>
    public bool HasAnywhere(string text)
    {
        lock (_received)
        {
            return _received.Any(body => body.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _running;
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                using MemoryStream body = new();
                await context.Request.InputStream.CopyToAsync(body);
                lock (_received)
                {
                    if (_received.Count < MaxBodies)
                    {
                        _received.Add((context.Request.Url!.AbsolutePath, body.ToArray()));
                    }
                }

                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        }
        catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }
}
