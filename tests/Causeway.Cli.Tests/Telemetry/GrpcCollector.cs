using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Tests.Telemetry;

/// <summary>Takes what is exported by OTLP over gRPC, which is HTTP/2 without TLS here, and keeps the requests.</summary>
internal sealed class GrpcCollector : IAsyncDisposable
{
    private const int HeadBytes = 5;
    private const int MaxRequests = 1000;

    private readonly ConcurrentQueue<(string Path, byte[] Message)> _received = new();
    private readonly WebApplication _app;

    private GrpcCollector()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        _app.Run(TakeAsync);
    }

    public string Address => _app.Urls.Single();

    public static async Task<GrpcCollector> StartAsync()
    {
        GrpcCollector collector = new();
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>The messages of calls of a method.</summary>
    public byte[][] Of(string path) => [.. _received.Where(call => call.Path == path).Select(call => call.Message)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        byte[] bytes = body.ToArray();

        // A byte that says whether it is compressed, the length, and the message.
        bool isWhole = context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true
            && bytes.Length >= HeadBytes && bytes[0] == 0 && BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(1)) == bytes.Length - HeadBytes;
        if (isWhole && _received.Count < MaxRequests)
        {
            _received.Enqueue((context.Request.Path, bytes[HeadBytes..]));
        }

        context.Response.ContentType = "application/grpc";
        await context.Response.Body.WriteAsync(new byte[HeadBytes]);
        context.Response.AppendTrailer("grpc-status", isWhole ? "0" : "3");
    }
}
