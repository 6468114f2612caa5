using System.Text;
using Causeway.Client.Protocol;

namespace Causeway.Client.Tests.Protocol;

/// <summary>Writes down what a parser tells, one line per event.</summary>
internal sealed class RecordedEvents : IServerEvents
{
    public List<string> Lines { get; } = [];

    public void OnInfo(ReadOnlySpan<byte> json) => Lines.Add($"INFO {Text(json)}");

    public void OnMessage(in InboundMessage message) =>
        Lines.Add($"MSG {message.Sid} {Text(message.Subject)} [{Text(message.ReplyTo)}] {Convert.ToHexString(message.Headers)}|{Convert.ToHexString(message.Payload)}");

    public void OnPing() => Lines.Add("PING");

    public void OnPong() => Lines.Add("PONG");

    public void OnOk() => Lines.Add("OK");

    public void OnError(ReadOnlySpan<byte> text) => Lines.Add($"ERR {Text(text)}");

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
