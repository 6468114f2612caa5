using System.Net;
using Causeway.Alerting;
using Causeway.Bus.Health;
using Causeway.Bus.Leafs;
using Causeway.Bus.Links;
using Causeway.Bus.Tls;
using Causeway.Bus.Transcripts;
using Causeway.Bus.WebSockets;
using Causeway.Core;
using Causeway.Core.Access;
using Causeway.Core.Alarms;

namespace Causeway.Bus.Nodes;

/// <summary>How a node is to run.</summary>
public sealed record BusOptions
{
    /// <summary>Where clients connect; port 0 takes any free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 4222);

    /// <summary>The node's name; its id if empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>The address that INFO tells clients, as host:port, where it differs from <see cref="Listen"/>.</summary>
    public string ClientAdvertise { get; init; } = "";

    /// <summary>TLS for clients; null if they come in clear.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>How clients come over WebSockets; null if they don't.</summary>
    public WebSocketOptions? WebSocket { get; init; }

    /// <summary>Event loops, each a thread; 0 for one per two processors: the kernel's share of the work needs the others.</summary>
    public int Loops { get; init; }

    /// <summary>The memory budget in bytes; 0 for three quarters of what the machine or container allows.</summary>
    public long MemoryLimitBytes { get; init; }

    /// <summary>How the node takes part in a region and a deployment; null for a node by itself.</summary>
    public LinkOptions? Links { get; init; }

    /// <summary>How the node takes part in NATS' leaf-node protocol; null if it does not.</summary>
    public LeafOptions? Leafs { get; init; }

    /// <summary>Who may come; everybody by default.</summary>
    public AccessSettings Access { get; init; } = new();

    /// <summary>How the node watches its health and reports; null if it does neither.</summary>
    public HealthOptions? Health { get; init; }

    /// <summary>
    /// True if the node answers questions and tells events in the system tenant (<c>$SYS</c>), where clients have to prove who they are.
    /// It does so over a connection to its own client port, which is in no count of clients and against no limit.
    /// </summary>
    public bool ServesSystemTenant { get; init; }

    /// <summary>Most messages in a second that are traced, of those whose header <c>traceparent</c> marks them as sampled; 0 to trace none.</summary>
    public int MaxTracedMessagesPerSecond { get; init; }

    /// <summary>Whose commands are written to the log, each a line: to look at a few clients, not for good.</summary>
    public TranscriptMode Transcript { get; init; }

    /// <summary>The limits.</summary>
    public Limits Limits { get; init; } = new();

    /// <summary>The thresholds of alarms.</summary>
    public AlarmLimits AlarmLimits { get; init; } = new();

    /// <summary>Who is told of alarms.</summary>
    public AlertingOptions Alerting { get; init; } = new();

    /// <summary>A page where people can look at alarms, for those who are told; empty if there is none.</summary>
    public string AlarmPageUrl { get; init; } = "";
}
