using System.Net;
using System.Net.Sockets;

namespace Causeway.Interop.Tests.Servers;

/// <summary>A client port and a monitoring port that were free a moment ago.</summary>
public sealed record LoopbackPorts(int Client, int Monitoring)
{
    // Below the range from which Linux takes the local ports of outgoing connections (32768 and up): otherwise a client
    // that retries while its server restarts could take the server's port, or even connect to itself.
    private const int FirstPort = 20_000;
    private const int LastPort = 32_000;
    private const int AttemptsMax = 1_000;

    public static LoopbackPorts Reserve()
    {
        // Both are held at the same time, so that they differ.
        using Socket client = BindToFreePort();
        using Socket monitoring = BindToFreePort();
        return new LoopbackPorts(PortOf(client), PortOf(monitoring));
    }

    private static Socket BindToFreePort()
    {
        for (int attempt = 0; attempt < AttemptsMax; attempt++)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, Random.Shared.Next(FirstPort, LastPort)));
                return socket;
            }
            catch (SocketException)
            {
                socket.Dispose();
            }
        }

        throw new InvalidOperationException($"No free loopback port after {AttemptsMax} attempts.");
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;
}
