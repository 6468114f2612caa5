using System.Text;
using Causeway.Client.Protocol;
using Causeway.Client.Telemetry;

namespace Causeway.Client.Connections;

/// <summary>Takes what links receive to where it belongs. Called by one link's reader at a time.</summary>
internal sealed partial class Session : IServerEvents
{
    /// <summary>The server let the client not publish on a subject: told for each message, in order. What waits for an answer to it waits in vain.</summary>
    public event Action<string, BusException>? PublishRefused;

    void IServerEvents.OnInfo(ReadOnlySpan<byte> json)
    {
        ServerInfo info = ServerInfo.Parse(json);
        bool newlyLame = info.LameDuck && !_info.LameDuck;
        _info = info;
        _pool.Learn(info.ConnectUrls, _server.Scheme);
        if (newlyLame)
        {
            Notify(new ClientEvent.LameDuck(_server));
            _askNow.TrySetResult();
        }
    }

    void IServerEvents.OnMessage(in InboundMessage message)
    {
        Volatile.Write(ref _messagesIn, _messagesIn + 1);
        Volatile.Write(ref _bytesIn, _bytesIn + message.Headers.Length + message.Payload.Length);
        ClientTelemetry.Received(_server);
        Subscriptions.Deliver(message);
    }

    void IServerEvents.OnPause() => Subscriptions.Delivered();

    void IServerEvents.OnPing() => Outbound.Pong();

    void IServerEvents.OnPong() => Outbound.PongArrived();

    void IServerEvents.OnOk()
    {
        // Only verbose connections get it, which this client never asks for.
    }

    void IServerEvents.OnError(ReadOnlySpan<byte> bytes)
    {
        string text = Encoding.UTF8.GetString(bytes);
        _lastWords = ServerErrors.Closes(text) ? text : _lastWords;
        if (ServerErrors.TryReadRefusedSubscription(text, out string subject, out string? queueGroup))
        {
            Subscriptions.Refuse(subject, queueGroup, new ServerErrorException(text));
        }
        else if (ServerErrors.TryReadRefusedPublish(text, out string published))
        {
            PublishRefused?.Invoke(published, new ServerErrorException(text));
        }

        Notify(new ClientEvent.ServerError(text));
    }
}
