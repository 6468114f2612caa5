using System.Net;
using System.Net.Sockets;

namespace Causeway.Bus.Tests.Leafs;

/// <summary>Ports of the loopback interface on which nobody listens at the moment.</summary>
internal static class Ports
{
    public static int Free()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
