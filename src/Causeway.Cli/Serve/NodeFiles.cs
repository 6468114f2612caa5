using System.Globalization;
using System.Text.Json;
using Causeway.Bus.Nodes;
using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Serve;

/// <summary>
/// The files by which scripts find a running node: its process number, and where it listens, both as nats-server writes them. The second
/// is removed in the end. What can't be written is logged.
/// </summary>
internal sealed class NodeFiles : IDisposable
{
    private readonly string? _ports;

    /// <summary>Writes them.</summary>
    /// <param name="settings">Which ones.</param>
    /// <param name="program">The program's name.</param>
    /// <param name="node">The node, which listens.</param>
    /// <param name="log">The log.</param>
    public NodeFiles(ServeSettings settings, string program, BusNode node, ILogger log)
    {
        if (settings.PidFile.Length > 0)
        {
            Write(settings.PidFile, Environment.ProcessId.ToString(CultureInfo.InvariantCulture), log);
        }

        if (settings.PortsFolder.Length > 0)
        {
            _ports = Path.Combine(settings.PortsFolder, $"{program}_{Environment.ProcessId}.ports");
            Write(_ports, Ports(node), log);
        }
    }

    public void Dispose()
    {
        try
        {
            if (_ports is not null)
            {
                File.Delete(_ports);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It was somebody else's to begin with: the folder is gone or no longer ours.
        }
    }

    private static string Ports(BusNode node)
    {
        Dictionary<string, string[]> ports = new() { ["nats"] = [$"nats://{node.ClientAddress}"] };
        if (node.MonitoringUrl.Length > 0)
        {
            ports["monitoring"] = [node.MonitoringUrl];
        }

        return JsonSerializer.Serialize(ports, ServeJson.Default.DictionaryStringStringArray);
    }

    private static void Write(string path, string text, ILogger log)
    {
        try
        {
            // Whoever waits for the file finds all of it there.
            string part = path + ".part";
            File.WriteAllText(part, text);
            File.Move(part, path, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            ServeLog.NotWritten(log, path, fault.Message);
        }
    }
}
