using System.Net;
using System.Net.Sockets;

namespace Causeway.Bus.Transport;

/// <summary>Accepts clients on one address, on an event loop's thread.</summary>
internal sealed class Listener : IDisposable
{
    private const int Backlog = 4096;
    private const int AddressBytes = 128;
    private const int MostAcceptedAtOnce = 64;

    // The runtime has to open files at any time, as to load code when it is first used, and monitoring wants to be asked just then.
    private const int ReservedDescriptors = 16;

    private readonly Socket _socket;
    private readonly Action<int, IPEndPoint> _onAccepted;
    private long _maxDescriptors = Libc.MaxDescriptors();
    private long _acceptErrors;

    /// <summary>Binds and listens. Throws <see cref="SocketException"/> if the address can't be had.</summary>
    public Listener(IPEndPoint address, Action<int, IPEndPoint> onAccepted)
    {
        _onAccepted = onAccepted;
        _socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // The runtime's own option would let a second node take the same port; this one only shortens the wait after a restart.
            Libc.SetReuseAddress(Fd);
            if (address.Address.Equals(IPAddress.IPv6Any))
            {
                _socket.DualMode = true;
            }

            _socket.Bind(address);
            _socket.Listen(Backlog);
            Libc.SetNonBlocking(Fd);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        Address = (IPEndPoint)_socket.LocalEndPoint!;
    }

    /// <summary>Where it listens, with the port that was chosen if 0 was asked for.</summary>
    public IPEndPoint Address { get; }

    public int Fd => (int)_socket.SafeHandle.DangerousGetHandle();

    /// <summary>Clients that could not be accepted, as for want of file descriptors.</summary>
    public long AcceptErrors => Volatile.Read(ref _acceptErrors);

    /// <summary>Accepts who is there. Returns the errno if that fails for want of something, 0 otherwise. Never takes the last descriptors.</summary>
    public unsafe int AcceptAll()
    {
        byte* address = stackalloc byte[AddressBytes];
        for (int i = 0; i < MostAcceptedAtOnce; i++)
        {
            int length = AddressBytes;
            int fd = Libc.Accept4(Fd, address, &length, Libc.SockNonBlock | Libc.SockCloExec);
            if (fd < 0)
            {
                int errno = Libc.Errno;
                if (errno is Libc.Eagain or Libc.Eintr)
                {
                    return 0;
                }

                Volatile.Write(ref _acceptErrors, _acceptErrors + 1);
                return errno;
            }

            // The kernel hands out the lowest number that is free, so a high one tells that few are left.
            if (fd >= _maxDescriptors - ReservedDescriptors && fd >= (_maxDescriptors = Libc.MaxDescriptors()) - ReservedDescriptors)
            {
                _ = Libc.Close(fd);
                Volatile.Write(ref _acceptErrors, _acceptErrors + 1);
                return Libc.Emfile;
            }

            int on = 1;
            _ = Libc.SetSockOpt(fd, Libc.SolTcp, Libc.TcpNoDelay, &on, sizeof(int));
            _onAccepted(fd, ReadAddress(new ReadOnlySpan<byte>(address, length)));
        }

        return 0;
    }

    public void Dispose() => _socket.Dispose();

    private static IPEndPoint ReadAddress(ReadOnlySpan<byte> address)
    {
        SocketAddress socketAddress = new(address.Length > 16 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, address.Length);
        address.CopyTo(socketAddress.Buffer.Span);
        IPEndPoint template = address.Length > 16 ? new IPEndPoint(IPAddress.IPv6Any, 0) : new IPEndPoint(IPAddress.Any, 0);
        IPEndPoint endPoint = (IPEndPoint)template.Create(socketAddress);
        return endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;
    }
}
