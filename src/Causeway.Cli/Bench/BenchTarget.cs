using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Causeway.Cli.Execution;
using Causeway.Client;

namespace Causeway.Cli.Bench;

/// <summary>The server under load: opens connections to it, keeps them until the run ends, and measures its process.</summary>
internal sealed class BenchTarget : IDisposable
{
    private static readonly TimeSpan ProbeEvery = TimeSpan.FromMilliseconds(20);

    /// <summary>Interest may travel in another order than it was made, so that the probe's is not always the last.</summary>
    private static readonly TimeSpan InterestSettles = TimeSpan.FromMilliseconds(200);

    private readonly ServerAddress _address;
    private readonly IPEndPoint _endPoint;
    private readonly ServerAddress _subscribeAddress;
    private readonly IPEndPoint _subscribeEndPoint;
    private readonly IReadOnlyList<int> _pids;
    private readonly List<RawConnection> _connections = [];

    public BenchTarget(ServerAddress address, IReadOnlyList<int> pids, TimeSpan timeout, ServerAddress? subscribeAddress = null)
    {
        _address = address;
        _subscribeAddress = subscribeAddress ?? address;
        _pids = pids;
        Deadline = new Deadline(timeout);
        _endPoint = Resolve(_address);
        _subscribeEndPoint = Resolve(_subscribeAddress);
        _ = Usage();
    }

    public Deadline Deadline { get; }

    /// <summary>What the server said at the last connection.</summary>
    public ServerInfo? Info { get; private set; }

    public int Connections => _connections.Count;

    /// <summary>Opens a connection with its handshake; <paramref name="subscriptions"/> are SUB lines that the server has handled on return.</summary>
    public RawConnection Open(string name, string subscriptions = "")
    {
        RawConnection connection = Connect(_endPoint);
        Info = Handshake.Run(connection, _address, name, subscriptions);
        return connection;
    }

    /// <summary>The same on the server where subscribers and responders connect.</summary>
    public RawConnection OpenSubscriber(string name, string subscriptions)
    {
        RawConnection connection = Connect(_subscribeEndPoint);
        _ = Handshake.Run(connection, _subscribeAddress, name, subscriptions);
        return connection;
    }

    /// <summary>
    /// Waits until what was subscribed to on the other server is known where messages are published: publishes to a last subscription
    /// until one arrives.
    /// </summary>
    public void AwaitInterest(string subject)
    {
        if (_subscribeAddress.Equals(_address))
        {
            return;
        }

        string probe = $"{subject}.interest.{Random.Shared.NextInt64():x16}";
        RawConnection subscriber = OpenSubscriber("bench-probe", $"SUB {probe} 1\r\n");
        RawConnection publisher = Open("bench-probe");
        byte[] message = Encoding.ASCII.GetBytes($"PUB {probe} 0\r\n\r\n");
        byte[] buffer = new byte[4096];
        StringBuilder received = new();
        while (!received.ToString().Contains(probe, StringComparison.Ordinal))
        {
            if (Deadline.Passed)
            {
                throw new BenchException(ExitCode.Failure, $"timed out after {Deadline.Timeout.TotalSeconds:0.#} s: nothing crosses from {_address} to {_subscribeAddress}");
            }

            publisher.SendAll(message);
            Thread.Sleep(ProbeEvery);
            int count = subscriber.TryReceive(buffer);
            if (count < 0)
            {
                throw new BenchException(ExitCode.Failure, $"{_subscribeAddress}: the server has closed a connection");
            }

            received.Append(Encoding.ASCII.GetString(buffer, 0, count));
        }

        Thread.Sleep(InterestSettles);
        _connections.Remove(subscriber);
        _connections.Remove(publisher);
        subscriber.Dispose();
        publisher.Dispose();
    }

    private RawConnection Connect(IPEndPoint endPoint)
    {
        if (Deadline.Passed)
        {
            throw new BenchException(ExitCode.Failure, $"timed out with {_connections.Count} connections open");
        }

        RawConnection connection = RawConnection.Open(endPoint, Deadline.Left);
        _connections.Add(connection);
        return connection;
    }

    /// <summary>Refuses a payload that the server would refuse, before any load.</summary>
    public void CheckPayload(int size)
    {
        if (size > Info!.MaxPayload)
        {
            throw new BenchException(ExitCode.Usage, $"--size {size} is above the server's max_payload of {Info.MaxPayload}");
        }
    }

    /// <summary>What the servers' processes have used, all together.</summary>
    public ServerProcessUsage? Usage() => _pids.Count == 0 ? null : _pids.Select(ServerProcessUsage.Read).Aggregate(ServerProcessUsage.Sum);

    public ProcessSection? Section(ServerProcessUsage? before, ServerProcessUsage? after, double seconds) =>
        before is null || after is null ? null : ProcessSection.Between(_pids[0], before, after, seconds);

    /// <summary>A result with what is the same for every mode.</summary>
    public BenchResult Result(string mode) => new()
    {
        Mode = mode,
        Server = _address.ToString(),
        SubscribeServer = _subscribeAddress.Equals(_address) ? null : _subscribeAddress.ToString(),
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
            throw new BenchException(ExitCode.Connection, $"cannot resolve {address.Host}: {e.Message}");
        }
    }
}
