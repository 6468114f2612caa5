using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Causeway.Client;

namespace Causeway.Cli.Bench;

/// <summary>The server under load: opens connections to it, keeps them until the run ends, and measures its process.</summary>
internal sealed class BenchTarget : IDisposable
{
    private readonly ServerAddress _address;
    private readonly IPEndPoint _endPoint;
    private readonly int? _pid;
    private readonly List<RawConnection> _connections = [];

    public BenchTarget(ServerAddress address, int? pid, TimeSpan timeout)
    {
        _address = address;
        _pid = pid;
        Deadline = new Deadline(timeout);
        _endPoint = Resolve(address);
        if (pid is { } process)
        {
            _ = ServerProcessUsage.Read(process);
        }
    }

    public Deadline Deadline { get; }

    /// <summary>What the server said at the last connection.</summary>
    public ServerInfo? Info { get; private set; }

    public int Connections => _connections.Count;

    /// <summary>Opens a connection with its handshake; <paramref name="subscriptions"/> are SUB lines that the server has handled on return.</summary>
    public RawConnection Open(string name, string subscriptions = "")
    {
        if (Deadline.Passed)
        {
            throw new BenchException(BenchExitCode.Failed, $"timed out with {_connections.Count} connections open");
        }

        RawConnection connection = RawConnection.Open(_endPoint, Deadline.Left);
        _connections.Add(connection);
        Info = Handshake.Run(connection, _address, name, subscriptions);
        return connection;
    }

    /// <summary>Refuses a payload that the server would refuse, before any load.</summary>
    public void CheckPayload(int size)
    {
        if (size > Info!.MaxPayload)
        {
            throw new BenchException(BenchExitCode.Usage, $"--size {size} is above the server's max_payload of {Info.MaxPayload}");
        }
    }

    public ServerProcessUsage? Usage() => _pid is { } pid ? ServerProcessUsage.Read(pid) : null;

    public ProcessSection? Section(ServerProcessUsage? before, ServerProcessUsage? after, double seconds) =>
        before is null || after is null ? null : ProcessSection.Between(_pid!.Value, before, after, seconds);

    /// <summary>A result with what is the same for every mode.</summary>
    public BenchResult Result(string mode) => new()
    {
        Mode = mode,
        Server = _address.ToString(),
        ServerName = Info!.Name,
        ServerVersion = Info.Version,
    };

    public static double GeneratorCpuSeconds()
    {
        using Process self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>Closes all connections.</summary>
    public void CloseAll()
    {
        foreach (RawConnection connection in _connections)
        {
            connection.Dispose();
        }

        _connections.Clear();
    }

    public void Dispose() => CloseAll();

    private static IPEndPoint Resolve(ServerAddress address)
    {
        try
        {
            IPAddress[] found = Dns.GetHostAddresses(address.Host);
            return new IPEndPoint(found.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork) ?? found[0], address.Port);
        }
        catch (SocketException e)
        {
            throw new BenchException(BenchExitCode.CannotConnect, $"cannot resolve {address.Host}: {e.Message}");
        }
    }
}
