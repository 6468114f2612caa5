using System.Net;
using Causeway.Bus.Access;
using Causeway.Bus.Transport;
using Causeway.Core.Access;
using Causeway.Core.Clients;
using Causeway.Core.Memory;
using Causeway.Core.Routing;
using Causeway.Core.Subjects;

namespace Causeway.Bus.Nodes;

/// <summary>Who may come to a node: the context with the rules that hold, and the thread that makes long proofs. Any thread.</summary>
internal sealed class NodeAccess : IDisposable
{
    private const int KeyBytes = 32;

    private readonly TimeProvider _time;

    /// <summary>Makes the context of a node that listens on <paramref name="address"/>. Throws <see cref="ArgumentException"/> if the settings don't fit each other.</summary>
    public NodeAccess(BusOptions options, MemoryBudget budget, IPEndPoint address, Random random, TimeProvider time)
    {
        _time = time;
        Logins = new LoginWorker(new SecretVerifier(), time);
        Context = new NodeContext(
            options.Limits,
            budget,
            new BlockPool(budget, options.Limits.MaxPooledBytes),
            new Governor(budget),
            new Tenant(Tenant.DefaultName, new ByteHash((ulong)random.NextInt64())),
            NodeIdentity.Create(options, address),
            KernelRandom.Bytes(KeyBytes))
        {
            Logins = Logins,
            SecureTimeout = options.Tls?.Timeout ?? TimeSpan.Zero,
        };
        Set(new AccessControl(options.Access));
    }

    public NodeContext Context { get; }

    public LoginWorker Logins { get; }

    /// <summary>When it was last said who may come.</summary>
    public DateTimeOffset LoadedAt { get; private set; }

    /// <summary>Sets who may come from now on, and has the clients that are here looked at again.</summary>
    public void Set(AccessControl access, IReadOnlyList<EventLoop> loops, ConnectionRegistry connections)
    {
        Set(access);
        foreach (EventLoop loop in loops)
        {
            loop.Post(loop.ReloadAccess);
        }

        connections.TellInfo();
    }

    private void Set(AccessControl access)
    {
        AccessSettings settings = access.Settings;
        Context.SetAccess(access);
        LoadedAt = _time.GetUtcNow();
        if (access.WantsNonce || settings.Users.Append(settings.TokenUser).Any(user => user?.Secret is { IsSlow: true }))
        {
            Logins.Begin();
        }
    }

    public void Dispose() => Logins.Dispose();
}
