using System.CommandLine;
using Causeway.Cli.Serve;
using Causeway.Client;

namespace Causeway.Cli.Telemetry;

/// <summary>
/// The option that has metrics and traces exported by OTLP. Where it is not given, OpenTelemetry's own variable is; what else there is to
/// say (protocol, headers, intervals, time-outs, resource attributes) is said by OpenTelemetry's variables alone.
/// </summary>
internal static class OtlpOption
{
    private const string Name = "--otlp-endpoint";
    private const string StandardVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static Option<string> Create() => ServeOptions.Url(
        Name, $"Collector that metrics and traces are exported to by OTLP, such as http://127.0.0.1:4318 [env also: {StandardVariable}]", "", Check);

    /// <summary>Where to export to; null for nowhere. Adds a line to <paramref name="faults"/> if the environment's can't be read.</summary>
    public static Uri? Read(ParseResult result, Option<string> option, List<string> faults)
    {
        string text = result.GetValue(option)!;
        if (text.Length > 0)
        {
            return new Uri(text);
        }

        text = Environment.GetEnvironmentVariable(StandardVariable) ?? "";
        if (Check(text) is { } accepted)
        {
            faults.Add($"{StandardVariable}: '{UrlSecrets.Hide(text)}' can't be read; {accepted}");
            return null;
        }

        return text.Length > 0 ? new Uri(text) : null;
    }

    private static string? Check(string text) =>
        text.Length == 0 || (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0)
            ? null
            : "accepted is http://host:port or https://host:port, without a user (credentials go into OTEL_EXPORTER_OTLP_HEADERS)";
}
