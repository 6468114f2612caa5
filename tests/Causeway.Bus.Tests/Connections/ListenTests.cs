using System.Net;
using System.Net.Sockets;
using Causeway.Bus.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Causeway.Bus.Tests.Connections;

/// <summary>A port belongs to one node.</summary>
public sealed class ListenTests
{
    [Fact]
    public void A_second_node_can_not_take_the_port_of_the_first()
    {
        using BusNode first = new(new BusOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, NullLogger.Instance);
        SocketException fault = Assert.Throws<SocketException>(
            () => new BusNode(new BusOptions { Listen = first.ClientAddress }, NullLogger.Instance));
        Assert.Equal(SocketError.AddressAlreadyInUse, fault.SocketErrorCode);
    }

    [Fact]
    public void A_port_is_free_again_once_its_node_is_gone()
    {
        IPEndPoint address = new(IPAddress.Loopback, FreePorts.Take());
        using (BusNode first = new(new BusOptions { Listen = address }, NullLogger.Instance))
        {
            Assert.Equal(address, first.ClientAddress);
        }

        using BusNode second = new(new BusOptions { Listen = address }, NullLogger.Instance);
        Assert.Equal(address, second.ClientAddress);
    }
}
