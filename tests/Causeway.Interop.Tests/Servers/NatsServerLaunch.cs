using System.Globalization;
using System.Text;

namespace Causeway.Interop.Tests.Servers;

/// <summary>How Debian's nats-server is started: addresses on the command line, limits in a generated file.</summary>
public static class NatsServerLaunch
{
    // Debian puts it in /usr/sbin, which is not on every user's path.
    private static readonly string[] ExtraFolders = ["/usr/sbin", "/usr/local/bin"];

    public static Launch For(ServerOptions options, LoopbackPorts ports)
    {
        string configuration = WriteConfiguration(options, ports);
        string[] arguments =
        [
            "-a", "127.0.0.1",
            "-p", ports.Client.ToString(CultureInfo.InvariantCulture),
            "-m", ports.Monitoring.ToString(CultureInfo.InvariantCulture),
            "-c", configuration,
            .. options.Trace ? (string[])["-V", "-max_traced_msg_len", "1000"] : [],
        ];
        return new Launch(FindProgram(), arguments);
    }

    private static string FindProgram() => Programs.Find("nats-server", ExtraFolders)
        ?? throw new InvalidOperationException(
            "nats-server is not installed; run tests/prepare (Debian: apt-get install nats-server).");

    private static string WriteConfiguration(ServerOptions options, LoopbackPorts ports)
    {
        StringBuilder text = new();

        // The default of 10 s is how long nats-server may take to notice a slow consumer.
        text.AppendLine("write_deadline: \"2s\"");
        Append(text, "max_payload", options.MaxPayloadBytes);
        Append(text, "max_control_line", options.MaxControlLineBytes);
        Append(text, "max_pending", options.MaxPendingBytes);
        Append(text, "max_connections", options.MaxConnections);
        Append(text, "max_subscriptions", options.MaxSubscriptions);
        Append(text, "ping_max", options.MaxPingsOut);
        Append(text, "ping_interval", options.PingInterval);
        Append(text, "lame_duck_grace_period", options.LameDuck?.Grace);
        Append(text, "lame_duck_duration", options.LameDuck?.Duration);
        if (options.ClientAdvertise is not null)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"client_advertise: \"{options.ClientAdvertise}\"");
        }

        text.Append(options.Blocks(ports));
        return ConfigurationFile.Write("nats-server", ports, text.ToString());
    }

    private static void Append(StringBuilder text, string key, int? value)
    {
        if (value is not null)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{key}: {value}");
        }
    }

    private static void Append(StringBuilder text, string key, TimeSpan? value)
    {
        if (value is not null)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{key}: \"{value.Value.TotalMilliseconds:0}ms\"");
        }
    }
}
