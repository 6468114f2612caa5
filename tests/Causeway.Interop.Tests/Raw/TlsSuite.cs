using Causeway.Interop.Tests.Servers;

namespace Causeway.Interop.Tests.Raw;

/// <summary>The suite over TLS: the same cases against the same two servers, each behind a handshake.</summary>
public static class TlsSuite
{
    public sealed class TlsPublishTests(ServerPool servers) : PublishTests(servers)
    {
        protected override bool Tls => true;
    }

    public sealed class TlsSubscribeTests(ServerPool servers) : SubscribeTests(servers)
    {
        protected override bool Tls => true;
    }

    public sealed class TlsUnsubscribeTests(ServerPool servers) : UnsubscribeTests(servers)
    {
        protected override bool Tls => true;
    }

    public sealed class TlsHeaderTests(ServerPool servers) : HeaderTests(servers)
    {
        protected override bool Tls => true;
    }

    public sealed class TlsQueueGroupTests(ServerPool servers) : QueueGroupTests(servers)
    {
        protected override bool Tls => true;
    }

    public sealed class TlsNoRespondersTests(ServerPool servers) : NoRespondersTests(servers)
    {
        protected override bool Tls => true;
    }

    public sealed class TlsVerboseTests(ServerPool servers) : VerboseTests(servers)
    {
        protected override bool Tls => true;
    }

    public sealed class TlsAuthenticationTests(ServerPool servers) : AuthenticationTests(servers)
    {
        protected override bool Tls => true;
    }

    public sealed class TlsSplitDeliveryTests(ServerPool servers) : SplitDeliveryTests(servers)
    {
        protected override bool Tls => true;
    }

    public sealed class TlsEchoTests(ServerPool servers) : EchoTests(servers)
    {
        protected override bool Tls => true;
    }
}
