using System.Net;
using System.Net.Sockets;
using Causeway.Drill.Processes;

namespace Causeway.Drill.Deployments;

/// <summary>
/// Gives out ports of the loopback on which nobody listens. They lie below those that the kernel gives to connections, so that none is
/// taken between here and the process that it is for. Thread-safe.
/// </summary>
internal sealed class LoopbackPorts(int basePort)
{
    private const int Lowest = 10_240;
    private const int Beyond = 32_768;
    private const int MaxAttempts = 10_000;

    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Given = [];

    private int _next = basePort;

    /// <summary>The next port.</summary>
    /// <exception cref="ProcessException">None is free.</exception>
    public int Take()
    {
        lock (Gate)
        {
            if (_next > 0)
            {
                int wanted = _next++;
                return IsFree(wanted) ? wanted : throw new ProcessException($"port {wanted} is taken; choose another --base-port, or none for any free ports");
            }

            for (int attempt = 0; attempt < MaxAttempts; attempt++)
            {
                int port = Random.Shared.Next(Lowest, Beyond);
                if (IsFree(port) && Given.Add(port))
                {
                    return port;
                }
            }
        }

        throw new ProcessException($"no free port from {Lowest} to {Beyond - 1} was found");
    }

    private static bool IsFree(int port)
    {
        if (port > IPEndPoint.MaxPort)
        {
            return false;
        }

        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
