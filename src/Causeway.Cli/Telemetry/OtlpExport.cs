using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Causeway.Cli.Telemetry;

/// <summary>
/// Exports a process's metrics and traces by OTLP, on threads of its own. A collector that is dead or does not answer costs one request at
/// a time and a bounded queue of spans, and at the end a bounded wait. Nothing of OpenTelemetry's exporter is loaded unless one is made.
/// </summary>
internal sealed class OtlpExport : IDisposable
{
    /// <summary>Most spans that wait to be exported; further ones are dropped.</summary>
    public const int MaxQueuedSpans = 2048;

    /// <summary>Longest wait at the end for what is still to be exported.</summary>
    private const int MaxShutdownMilliseconds = 2000;

    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";

    private readonly MeterProvider _metrics;
    private readonly TracerProvider? _traces;
    private readonly OtlpFaults _faults;

    private OtlpExport(MeterProvider metrics, TracerProvider? traces, OtlpFaults faults)
    {
        _metrics = metrics;
        _traces = traces;
        _faults = faults;
    }

    /// <summary>Begins to export.</summary>
    /// <param name="collector">Where to.</param>
    /// <param name="about">Who exports.</param>
    /// <param name="meter">The name of the meter whose instruments are exported.</param>
    /// <param name="source">The name of the source whose activities are; null for none.</param>
    /// <param name="log">Takes a line when exporting begins to fail.</param>
    public static OtlpExport Start(Uri collector, OtlpIdentity about, string meter, string? source, ILogger log)
    {
        OtlpFaults faults = new(log);
        // What the environment says of the resource goes before what is known here.
        ResourceBuilder resource = ResourceBuilder.CreateEmpty().AddTelemetrySdk()
            .AddService(about.Service, serviceVersion: about.Version, serviceInstanceId: about.Instance)
            .AddAttributes(about.Attributes)
            .AddEnvironmentVariableDetector();
        MeterProvider metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter(meter)
            .AddOtlpExporter(options => Set(options, collector, "v1/metrics"))
            .Build();
        TracerProvider? traces = source is null ? null : Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(source)
            .AddOtlpExporter(options =>
            {
                Set(options, collector, "v1/traces");
                options.BatchExportProcessorOptions.MaxQueueSize = MaxQueuedSpans;
            })
            .Build();
        OtlpLog.Exporting(log, collector.GetLeftPart(UriPartial.Authority), source is null ? "metrics" : "metrics and traces");
        return new OtlpExport(metrics, traces, faults);
    }

    /// <summary>Exports what is left, within a bounded time, and ends.</summary>
    public void Dispose()
    {
        Task.WaitAll(
            Task.Run(() => _metrics.Shutdown(MaxShutdownMilliseconds)),
            Task.Run(() => _traces?.Shutdown(MaxShutdownMilliseconds)));
        _metrics.Dispose();
        _traces?.Dispose();
        _faults.Dispose();
    }

    private static void Set(OtlpExporterOptions options, Uri collector, string path)
    {
        bool isGrpc = Environment.GetEnvironmentVariable(ProtocolVariable) == "grpc";
        options.Protocol = isGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = isGrpc ? collector : new Uri($"{collector.AbsoluteUri.TrimEnd('/')}/{path}");
    }
}

/// <summary>Who exports.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Instance">What tells this process from others.</param>
/// <param name="Attributes">What else there is to say.</param>
internal sealed record OtlpIdentity(string Service, string Version, string Instance, IReadOnlyList<KeyValuePair<string, object>> Attributes);
