using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>The suite over WebSockets: the same cases against the same two servers, each command in frames. A part of it goes over TLS as well.</summary>
public static class WebSocketSuite
{
    private static readonly WebSocketSettings InClear = new();
    private static readonly WebSocketSettings OverTls = new(Tls: true);

    public sealed class WebSocketAbsentFeatureTests(ServerPool servers) : AbsentFeatureTests(servers)
    {
        protected override WebSocketSettings WebSocket => InClear;
    }

    public sealed class WebSocketAuthenticationTests(ServerPool servers) : AuthenticationTests(servers)
    {
        protected override WebSocketSettings WebSocket => InClear;
    }

    public sealed class WebSocketCommandSyntaxTests(ServerPool servers) : CommandSyntaxTests(servers)
    {
        protected override WebSocketSettings WebSocket => InClear;
    }

    public sealed class WebSocketConnectTests(ServerPool servers) : ConnectTests(servers)
    {
        protected override WebSocketSettings WebSocket => InClear;
    }

    public sealed class WebSocketDisconnectTests(ServerPool servers) : DisconnectTests(servers)
    {
        protected override WebSocketSettings WebSocket => InClear;
    }

    public sealed class WebSocketEchoTests(ServerPool servers) : EchoTests(servers)
    {
        protected override WebSocketSettings WebSocket => InClear;
    }

    public sealed class WebSocketHeaderTests(ServerPool servers) : HeaderTests(servers)
    {
        protected override WebSocketSettings WebSocket => InClear;
    }

    public sealed class WebSocketInfoTests(ServerPool servers) : InfoTests(servers)
    {
        protected override WebSocketSettings WebSocket => InClear;
    }

    public sealed class WebSocketLimitTests(ServerPool servers) : LimitTests(servers)
    {
        protected override WebSocketSettings WebSocket => InClear;
    }

    public sealed class WebSocketNoRespondersTests(ServerPool servers) : NoRespondersTests(servers)
    {
        protected override WebSocketSettings WebSocket => InClear;
    }

    public sealed class WebSocketPermissionTests(ServerPool servers) : PermissionTests(servers)
    {
        protected override WebSocketSettings WebSocket => InClear;
    }

    public sealed class WebSocketPublishTests(ServerPool servers) : PublishTests(servers)
    {
        protected override WebSocketSettings WebSocket => InClear;
    }

    public sealed class WebSocketQueueGroupTests(ServerPool servers) : QueueGroupTests(servers)
    {
        protected override WebSocketSettings WebSocket => InClear;
    }

    public sealed class WebSocketSlowConsumerTests(ServerPool servers) : SlowConsumerTests(servers)
    {
        protected override WebSocketSettings WebSocket => InClear;
    }

    public sealed class WebSocketSplitDeliveryTests(ServerPool servers) : SplitDeliveryTests(servers)
    {
        protected override WebSocketSettings WebSocket => InClear;
    }

    public sealed class WebSocketSubjectMatchingTests(ServerPool servers) : SubjectMatchingTests(servers)
    {
        protected override WebSocketSettings WebSocket => InClear;
    }

    public sealed class WebSocketSubscribeTests(ServerPool servers) : SubscribeTests(servers)
    {
        protected override WebSocketSettings WebSocket => InClear;
    }

    public sealed class WebSocketUnsubscribeTests(ServerPool servers) : UnsubscribeTests(servers)
    {
        protected override WebSocketSettings WebSocket => InClear;
    }

    public sealed class WebSocketVerboseTests(ServerPool servers) : VerboseTests(servers)
    {
        protected override WebSocketSettings WebSocket => InClear;
    }

    public sealed class SecureWebSocketHeaderTests(ServerPool servers) : HeaderTests(servers)
    {
        protected override WebSocketSettings WebSocket => OverTls;
    }

    public sealed class SecureWebSocketSplitDeliveryTests(ServerPool servers) : SplitDeliveryTests(servers)
    {
        protected override WebSocketSettings WebSocket => OverTls;
    }
}
