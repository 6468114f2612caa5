using System.Text;
using Causeway.Core.Routing;
using Causeway.Core.Subscriptions;

namespace Causeway.Bus.SystemBus;

/// <summary>Whether anybody, here or beyond a link, would get a message in the system tenant. Any thread; no work where nobody listens at all.</summary>
internal sealed class SystemInterest(Tenant tenant)
{
    private readonly Lock _lock = new();
    private readonly Route _route = new();

    public bool IsWanted(string subject)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(subject);
        uint hash = tenant.Subscriptions.Hash.Of(bytes);
        lock (_lock)
        {
            tenant.Subscriptions.Match(bytes, hash, _route);
            if (tenant.Remote is { } remote)
            {
                remote.Match(tenant, bytes, hash, remote.Fingerprints.Of(tenant.NameBytes.Span, bytes), _route);
            }

            bool isWanted = !_route.IsEmpty;
            _route.Clear();
            return isWanted;
        }
    }
}
