using System.Diagnostics;

namespace Causeway.Client.Telemetry;

/// <summary>The span of one publish or request, and the duration of a request, from its creation until it is disposed.</summary>
internal sealed class SendObservation : IDisposable
{
    private readonly BusClient _client;
    private readonly Activity? _activity;
    private readonly long _began;
    private readonly bool _measures;
    private string? _errorType;

    public SendObservation(BusClient client, string subject, int dataBytes, bool isRequest)
    {
        _client = client;
        _measures = isRequest && ClientTelemetry.MeasuresDurations;
        _began = _measures ? client.Options.TimeProvider.GetTimestamp() : 0;
        _activity = ClientTelemetry.IsTracing ? ClientTelemetry.StartSend(client, subject, dataBytes, isRequest) : null;
    }

    public void Failed(Exception failure)
    {
        _errorType = failure.GetType().FullName;
        ClientTelemetry.Failed(_activity, failure);
    }

    public void Dispose()
    {
        _activity?.Dispose();
        if (_measures)
        {
            ClientTelemetry.Lasted(_client.Server, _client.Options.TimeProvider.GetElapsedTime(_began), _errorType);
        }
    }
}
