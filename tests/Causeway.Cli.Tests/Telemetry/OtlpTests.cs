using System.Net;
using System.Net.Sockets;
using Causeway.Cli.Tests.Programs;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Cli.Tests.Telemetry;

/// <summary>Metrics and traces as a collector gets them, and a collector that does not do its part.</summary>
public sealed class OtlpTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string SpanId = "00f067aa0ba902b7";
    private const string Password = "hunter2hunter2";

    private static readonly (string, string)[] Quick = [("OTEL_METRIC_EXPORT_INTERVAL", "200"), ("OTEL_BSP_SCHEDULE_DELAY", "100"), ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test")];

    [Fact]
    public async Task A_collector_gets_metrics_and_the_spans_of_sampled_messages()
    {
        await using Collector collector = Collector.Start();
        using TemporaryFolder folder = new();
        string file = Path.Combine(folder.Path, "f.conf");
        await File.WriteAllTextAsync(file, "authorization { timeout: 30 }\n", TestContext.Current.CancellationToken);
        int port = FreePorts.Take();
        await using CausewayProcess node = CausewayProcess.StartIn(
            Quick, "serve", "-c", file, "--listen", $"127.0.0.1:{port}", "--http", "off", "--name", "otlp1", "--trace-messages", "10", "--otlp-endpoint", collector.Address, "--user", "ann", "--pass", Password);
        await node.SaysAsync("listening for clients");

        ProgramResult sampled = await PublishAsync(port, "01");
        ProgramResult unsampled = await PublishAsync(port, "00", "unsampled.message");

        Assert.Equal((0, 0), (sampled.ExitCode, unsampled.ExitCode));
        await Eventually.TrueAsync(() => collector.Has("/v1/metrics", "causeway_messages_in", "service.name", "causeway", "otlp1", "deployment.environment", "Messages received from clients."));
        await Eventually.TrueAsync(() => collector.Has(
            "/v1/traces", Convert.FromHexString(TraceId), Convert.FromHexString(SpanId), "orders.new publish"u8.ToArray(), "causeway.node"u8.ToArray(), "otlp1"u8.ToArray(), "causeway.delivered"u8.ToArray()));
        node.Terminate();
        ProgramResult end = await node.EndAsync();
        Assert.Equal(0, end.ExitCode);
        Assert.False(collector.HasAnywhere("unsampled.message"));
        Assert.False(collector.HasAnywhere(Password));
        Assert.DoesNotContain(end.Errors, line => line.Contains(Password, StringComparison.Ordinal));

        static Task<ProgramResult> PublishAsync(int port, string flags, string subject = "orders.new.eu") => CausewayProcess.RunAsync(
            $"nats://ann:{Password}@127.0.0.1:{port}", ["pub", subject, "secret payload", "--header", $"traceparent: 00-{TraceId}-{SpanId}-{flags}"]);
    }

    [Fact]
    public async Task A_collector_that_speaks_gRPC_gets_them_too()
    {
        await using GrpcCollector collector = await GrpcCollector.StartAsync();
        int port = FreePorts.Take();
        await using CausewayProcess node = CausewayProcess.StartIn(
            [.. Quick, ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")],
            "serve", "--listen", $"127.0.0.1:{port}", "--http", "off", "--name", "otlp2", "--trace-messages", "10", "--otlp-endpoint", collector.Address);
        await node.SaysAsync("listening for clients");

        ProgramResult published = await CausewayProcess.RunAsync(
            $"nats://127.0.0.1:{port}", ["pub", "orders.new.eu", "x", "--header", $"traceparent: 00-{TraceId}-{SpanId}-01"]);

        Assert.Equal(0, published.ExitCode);

        // opentelemetry-proto: resource_metrics[].scope_metrics[].metrics[].name, and the attributes of a resource with their texts.
        await Eventually.TrueAsync(() => collector.Of("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export").Any(request =>
            Texts(request, 1, 2, 2, 1).Contains("causeway_messages_in") && Texts(request, 1, 1, 1, 1).Contains("service.name") && Texts(request, 1, 1, 1, 2, 1).Contains("otlp2")));

        // resource_spans[].scope_spans[].spans[]: trace_id, parent_span_id and name.
        await Eventually.TrueAsync(() => collector.Of("/opentelemetry.proto.collector.trace.v1.TraceService/Export").SelectMany(request => ProtoFields.At(request, 1, 2, 2)).Any(span =>
            Hex(span, 1) == TraceId && Hex(span, 4) == SpanId && Texts(span, 5).Contains("orders.new publish")));
        node.Terminate();
        ProgramResult end = await node.EndAsync();
        Assert.Equal(0, end.ExitCode);
        Assert.DoesNotContain(end.Errors, line => line.Contains("exporting by OTLP fails", StringComparison.Ordinal));

        static IEnumerable<string> Texts(byte[] message, params int[] path) => ProtoFields.At(message, path).Select(System.Text.Encoding.UTF8.GetString);
        static string Hex(byte[] message, int field) => Convert.ToHexStringLower(ProtoFields.At(message, field).Single());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_collector_that_is_dead_or_hangs_costs_nothing(bool hangs)
    {
        using TcpListener silent = new(IPAddress.Loopback, 0);
        silent.Start();
        string address = hangs ? $"http://{silent.LocalEndpoint}" : $"http://127.0.0.1:{FreePorts.Take()}";
        int port = FreePorts.Take();
        await using CausewayProcess node = CausewayProcess.StartIn(
            Quick, "serve", "--listen", $"127.0.0.1:{port}", "--http", "off", "--trace-messages", "10", "--otlp-endpoint", address);
        await node.SaysAsync("listening for clients");

        ProgramResult published = await CausewayProcess.RunAsync(
            $"nats://127.0.0.1:{port}", ["pub", "orders.new", "x", "--count", "5000", "--header", $"traceparent: 00-{TraceId}-{SpanId}-01"]);

        Assert.Equal(0, published.ExitCode);
        if (!hangs)
        {
            await node.SaysAsync("exporting by OTLP fails");
            Assert.Single(node.Errors, line => line.Contains("exporting by OTLP fails", StringComparison.Ordinal));
        }

        node.Terminate();
        Assert.Equal(0, (await node.EndAsync()).ExitCode);
    }

    [Theory]
    [InlineData("ftp://x", "--otlp-endpoint: 'ftp://x' can't be read; accepted is http://host:port")]
    [InlineData("nowhere", "--otlp-endpoint: 'nowhere' can't be read; accepted is http://host:port")]
    public async Task An_address_that_can_not_be_is_an_error(string address, string says)
    {
        ProgramResult result = await CausewayProcess.RunAsync(null, ["serve", "--otlp-endpoint", address]);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(says, Assert.Single(result.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_exporter_is_not_loaded_unless_asked_for()
    {
        int port = FreePorts.Take();
        await using CausewayProcess node = CausewayProcess.Start(null, "serve", "--listen", $"127.0.0.1:{port}", "--http", "off");
        await node.SaysAsync("listening for clients");

        string maps = await File.ReadAllTextAsync($"/proc/{node.Id}/maps", TestContext.Current.CancellationToken);

        Assert.Contains("Causeway.Bus.dll", maps, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenTelemetry", maps, StringComparison.Ordinal);
    }
}
