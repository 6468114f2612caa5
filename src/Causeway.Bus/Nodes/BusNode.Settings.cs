using Causeway.Bus.Transcripts;
using Causeway.Core.Access;

namespace Causeway.Bus.Nodes;

/// <content>What can change while the node runs.</content>
public sealed partial class BusNode
{
    /// <summary>Sets who may come from now on. Clients that are here and may not stay are closed. Throws <see cref="ArgumentException"/>, with nothing changed, if the settings don't fit each other.</summary>
    public void SetAccess(AccessSettings settings) => Access.Set(new AccessControl(settings), _loops, Connections);

    /// <summary>
    /// Takes over what can change while the node runs: limits, who may come, TLS, the memory budget, alarms and who is told of them,
    /// the protocol's trace, and, on a node by itself, the address that clients are told. Clients stay, unless they may not. Everything else of <paramref name="next"/> is left.
    /// </summary>
    /// <exception cref="ArgumentException">The settings don't fit each other; nothing has changed.</exception>
    /// <exception cref="IOException">The incident file can't be had; nothing has changed.</exception>
    public void Reconfigure(BusOptions next)
    {
        IReadOnlyList<string> faults = [.. next.Limits.Validate(), .. next.AlarmLimits.Validate()];
        if (faults.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", faults), nameof(next));
        }

        BusOptions before = Options;
        BusOptions after = before with
        {
            Limits = next.Limits,
            Access = next.Access,
            MemoryLimitBytes = next.MemoryLimitBytes,
            AlarmLimits = next.AlarmLimits,
            Alerting = next.Alerting,
            Tls = next.Tls,
            WebSocket = before.WebSocket is { } webSocket ? webSocket with { Tls = next.WebSocket?.Tls } : null,
            Transcript = next.Transcript,
            ClientAdvertise = Mesh is null ? next.ClientAdvertise : before.ClientAdvertise,
        };
        // First what can fail.
        AccessControl access = new(after.Access);
        Action useTls = PrepareTls(next.Tls, next.WebSocket?.Tls);
        Alarms.Change(after.AlarmLimits, after.Alerting);
        Volatile.Write(ref _options, after);
        lock (_telling)
        {
            (string host, int port) = NodeIdentity.ClientAddress(after, ClientAddress);
            Context.Info = Context.Info with { Host = host, Port = port, TlsVerify = after.Tls is { WantsCertificate: true } };
            Context.SetLimits(after.Limits);
            Access.Set(access, _loops, Connections);
        }

        useTls();
        Context.Transcript = TranscriptLog.Create(after.Transcript, _log);
        if (after.MemoryLimitBytes != before.MemoryLimitBytes)
        {
            SetMemoryLimit(after.MemoryLimitBytes > 0 ? after.MemoryLimitBytes : DefaultMemoryLimitBytes());
        }
    }

    /// <summary>Changes the memory budget while the node runs.</summary>
    public void SetMemoryLimit(long bytes) => _watch.SetBudget(bytes);
}
