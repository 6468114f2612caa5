using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Causeway.Compare;

/// <summary>A fresh server process that has sent its first INFO.</summary>
internal sealed class RunningServer : IDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(20);

    private readonly ChildProcess _process;

    private RunningServer(ChildProcess process, int port, double readyMilliseconds, string version)
    {
        _process = process;
        Port = port;
        ReadyMilliseconds = readyMilliseconds;
        Version = version;
    }

    public int Port { get; }

    public int Pid => _process.Pid;

    public double ReadyMilliseconds { get; }

    public string Version { get; }

    public bool HasExited => _process.HasExited;

    public string Errors => _process.Errors;

    public static RunningServer Start(ServerKind kind) => Start(kind, FreePort());

    /// <summary>What is measured of a fresh server, whose version goes to <paramref name="versions"/>.</summary>
    /// <exception cref="CompareException">It could not be measured, or the server did not outlive it.</exception>
    public static Measurement Measure(ServerKind kind, Dictionary<string, string> versions, Func<RunningServer, Measurement> measure)
    {
        using RunningServer server = Start(kind);
        versions[kind.Name] = server.Version;
        Measurement measurement = measure(server);
        return server.HasExited ? throw new CompareException($"the server ended under load: {server.Errors}") : measurement;
    }

    /// <summary>Starts it on that port.</summary>
    public static RunningServer Start(ServerKind kind, int port)
    {
        long start = Stopwatch.GetTimestamp();
        ChildProcess process = ChildProcess.Start(kind.Command(port), kind.Environment);
        try
        {
            while (true)
            {
                if (TryReadVersion(port) is { } version)
                {
                    return new RunningServer(process, port, Stopwatch.GetElapsedTime(start).TotalMilliseconds, version);
                }

                if (process.HasExited)
                {
                    process.WaitForExit(TimeSpan.FromSeconds(1));
                    throw new CompareException($"{kind.Name} ended at its start with code {process.ExitCode}: {process.Errors}");
                }

                if (Stopwatch.GetElapsedTime(start) > StartTimeout)
                {
                    throw new CompareException($"{kind.Name} does not accept connections after {StartTimeout.TotalSeconds} s: {process.Errors}");
                }

                Thread.Sleep(1);
            }
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    /// <summary>Resident memory now.</summary>
    public long ResidentBytes() => ProcessMemory.ResidentBytes(Pid);

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public void Dispose() => _process.Dispose();

    /// <summary>The version in the server's INFO, or null while it doesn't listen.</summary>
    private static string? TryReadVersion(int port)
    {
        try
        {
            using TcpClient client = new();
            client.Connect(IPAddress.Loopback, port);
            client.ReceiveTimeout = (int)StartTimeout.TotalMilliseconds;
            using StreamReader reader = new(client.GetStream(), Encoding.ASCII);
            string? line = reader.ReadLine();
            if (line is null || !line.StartsWith("INFO ", StringComparison.Ordinal))
            {
                return null;
            }

            using JsonDocument info = JsonDocument.Parse(line.AsMemory(5));
            return info.RootElement.GetProperty("version").GetString();
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return null;
        }
    }
}
