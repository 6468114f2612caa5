using System.Globalization;

namespace Causeway.Interop.Tests.Servers;

/// <summary>How Causeway is started: the built program, every limit on the command line.</summary>
public static class CausewayLaunch
{
    public static Launch For(ServerOptions options, LoopbackPorts ports)
    {
        if (!File.Exists(RepositoryPaths.CausewayProgram))
        {
            throw new InvalidOperationException(
                $"{RepositoryPaths.CausewayProgram} is not built; run dotnet build -c {RepositoryPaths.Configuration}.");
        }

        string dotnet = Programs.Find("dotnet", [])
            ?? throw new InvalidOperationException("dotnet is not on the path.");
        List<string> arguments =
        [
            RepositoryPaths.CausewayProgram, "serve",
            "--listen", $"127.0.0.1:{ports.Client}",
            "--http", $"127.0.0.1:{ports.Monitoring}",
        ];
        Append(arguments, "--max-payload", options.MaxPayloadBytes);
        Append(arguments, "--max-control-line", options.MaxControlLineBytes);
        Append(arguments, "--max-pending", options.MaxPendingBytes);
        Append(arguments, "--max-connections", options.MaxConnections);
        Append(arguments, "--max-subscriptions", options.MaxSubscriptions);
        Append(arguments, "--max-pings-out", options.MaxPingsOut);
        Append(arguments, "--ping-interval", options.PingInterval);
        Append(arguments, "--lame-duck-grace", options.LameDuck?.Grace);
        Append(arguments, "--lame-duck-duration", options.LameDuck?.Duration);
        if (options.Access is not null || options.Tls || options.WebSocket is not null)
        {
            arguments.AddRange(["--config", ConfigurationFile.Write("causeway", ports, options.Blocks(ports))]);
        }

        if (options.Trace)
        {
            arguments.AddRange(["--log-protocol", "on", "--max-traced-msg-len", "1000", "--log-format", "nats"]);
        }

        if (options.ClientAdvertise is not null)
        {
            arguments.AddRange(["--client-advertise", options.ClientAdvertise]);
        }

        return new Launch(dotnet, arguments);
    }

    private static void Append(List<string> arguments, string option, int? value)
    {
        if (value is not null)
        {
            arguments.AddRange([option, value.Value.ToString(CultureInfo.InvariantCulture)]);
        }
    }

    private static void Append(List<string> arguments, string option, TimeSpan? value)
    {
        if (value is not null)
        {
            arguments.AddRange([option, string.Create(CultureInfo.InvariantCulture, $"{value.Value.TotalMilliseconds:0}ms")]);
        }
    }
}
