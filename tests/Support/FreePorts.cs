using System.Net;
using System.Net.Sockets;

namespace Causeway.Tests.Support;

/// <summary>
/// Ports of the loopback interface for servers that a test starts. They lie below those that the kernel gives to connections and to who
/// asks for any port, so that none is taken between here and the server that it is for. Thread-safe.
/// </summary>
internal static class FreePorts
{
    private const int First = 10_240;
    private const int Beyond = 32_768;
    private const int AttemptsMax = 10_000;

    private static readonly Lock Gate = new();
    private static readonly HashSet<int> Given = [];

    /// <summary>A port on which nobody listens, and that was not given before.</summary>
    public static int Take()
    {
        for (int attempt = 0; attempt < AttemptsMax; attempt++)
        {
            int port = Random.Shared.Next(First, Beyond);
            lock (Gate)
            {
                if (IsFree(port) && Given.Add(port))
                {
                    return port;
                }
            }
        }

        throw new InvalidOperationException($"no free port from {First} to {Beyond - 1}");
    }

    private static bool IsFree(int port)
    {
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
