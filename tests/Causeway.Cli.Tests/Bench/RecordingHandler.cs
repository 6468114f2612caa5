using System.Text;
using Causeway.Cli.Bench;

namespace Causeway.Cli.Tests.Bench;

/// <summary>Writes down what a scanner tells, with payload parts joined, so that two runs can be compared.</summary>
internal sealed class RecordingHandler : IFrameHandler
{
    private readonly StringBuilder _payload = new();

    public List<string> Events { get; } = [];

    public void OnMessage(ReadOnlySpan<byte> line)
    {
        Events.Add(Encoding.Latin1.GetString(line));
        _payload.Clear();
    }

    public void OnPayload(ReadOnlySpan<byte> part) => _payload.Append(Encoding.Latin1.GetString(part));

    public void OnMessageEnd() => Events.Add($"payload {_payload}");

    public void OnPing() => Events.Add("PING");

    public void OnPong() => Events.Add("PONG");

    public void OnInfo(ReadOnlySpan<byte> json) => Events.Add($"INFO {Encoding.Latin1.GetString(json)}");

    public void OnError(string error) => Events.Add($"error {error}");
}
