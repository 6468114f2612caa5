using Causeway.Bus.Nodes;
using Causeway.Cli.Logging;
using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Serve;

/// <summary>
/// Reads a running node's configuration file again and takes over what can change while it runs. All or nothing: if anything is not
/// right, or takes a restart, nothing changes, and one log line says what. Thread-safe.
/// </summary>
internal sealed class ServeReload(ServeSources sources, ServeSettings started, BusNode node, ProgramLog logging)
{
    private static readonly string[] Changeable =
    [
        "--memory-limit", "--max-payload", "--max-pending", "--pause-pending", "--max-publisher-pause", "--max-control-line", "--max-connections",
        "--max-subscriptions", "--ping-interval", "--max-pings-out", "--write-stall-timeout", "--lame-duck-duration", "--lame-duck-grace",
        "--drain-timeout", "--client-advertise", "--log-level", "--log-protocol", "--max-traced-msg-len", "--log-format", "--log-time", "--log-file", "--log-size-limit",
        "--alarm-level", "--alarm-baseline-times", "--alarm-exhaustion-time", "--alarm-growth-window", "--alarm-link-lag", "--alarm-link-backlog",
        "--alarm-warm-up", "--alarm-link-stall", "--alarm-link-rtt", "--alarm-link-rtt-rise", "--alarm-unconverged", "--alarm-loop-delay",
        "--tls-cert", "--tls-key", "--tls-ca", "--tls-verify", "--tls-map", "--tls-timeout", "--tls-handshake-first", "--tls-min-version",
        "--websocket-tls-cert", "--websocket-tls-key", "--websocket-tls-ca", "--websocket-tls-verify", "--websocket-tls-map", "--websocket-tls-timeout",
        "--alarm-slow-consumers", "--alarm-webhook", "--incident-log", "--incident-log-size",
    ];

    /// <summary>What nodes that are linked have told each other and keep to.</summary>
    private static readonly string[] FixedByLinks = ["--max-payload", "--client-advertise"];

    private readonly Lock _reloading = new();
    private readonly ILogger _log = logging.For("causeway.config");
    private ServeSettings _settings = started;

    /// <summary>Reads the file again.</summary>
    public void Run()
    {
        lock (_reloading)
        {
            if (sources.Path.Length == 0)
            {
                ServeLog.NoFile(_log);
                return;
            }

            (ServeSettings? next, IReadOnlyList<string> faults) = sources.Read();
            faults = next is null ? faults : [.. Unchangeable(next)];
            if (faults.Count > 0)
            {
                ServeLog.NotReloaded(_log, sources.Path, string.Join("; ", faults));
                return;
            }

            Take(next!);
        }
    }

    /// <summary>A line for each thing that differs and can't be changed.</summary>
    private IEnumerable<string> Unchangeable(ServeSettings next)
    {
        FileSettings before = Holding(_settings.File!);
        FileSettings after = Holding(next.File!);
        bool isLinked = node.LinkAddress is not null;
        foreach (string name in after.Differing(before).Where(name => !Changeable.Contains(name) || (isLinked && FixedByLinks.Contains(name))))
        {
            yield return after.Options.TryGetValue(name, out FileOption? option)
                ? $"{option.Place}: '{option.Key}' can't change while the node runs; restart it, or set it back"
                : $"{sources.Path}: '{before.Options[name].Key}', which stood in line {before.Options[name].Place.Line}, can't be taken out while the node runs; restart it, or set it back";
        }

        if (after.Leafs?.Text != before.Leafs?.Text)
        {
            yield return $"{(after.Leafs ?? before.Leafs)!.Place}: 'leafnodes' can't change while the node runs; restart it, or set it back";
        }

        if (next.Node.Access.SystemTenant != _settings.Node.Access.SystemTenant)
        {
            string place = (after.SystemAccount ?? before.SystemAccount)?.ToString() ?? sources.Path;
            yield return $"{place}: 'system_account' can't change while the node runs; restart it, or set it back";
        }
    }

    private FileSettings Holding(FileSettings file) => file with { Options = file.Beside(sources.Line).ToDictionary() };

    private void Take(ServeSettings next)
    {
        LogFile? file = null;
        try
        {
            file = logging.Prepare(next.Log);
            node.Reconfigure(next.Node);
        }
        catch (Exception fault) when (fault is ArgumentException or IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            ServeLog.NotReloaded(_log, sources.Path, fault.Message);
            return;
        }

        FileSettings before = Holding(_settings.File!);
        string changed = string.Join(", ", Holding(next.File!).Differing(before).Select(name => (next.File!.Options.GetValueOrDefault(name) ?? before.Options[name]).Key));
        logging.Change(next.Log, file);
        _settings = next;
        ServeLog.Reloaded(_log, sources.Path, changed.Length > 0 ? $"; changed: {changed}" : "");
    }
}
