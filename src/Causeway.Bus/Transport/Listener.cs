using System.Net;
using System.Net.Sockets;

namespace Causeway.Bus.Transport;

/// <summary>
/// Accepts connections on one address, on an event loop's thread. Whom it has no descriptor for waits in the kernel's backlog, and
/// is neither accepted nor closed, until there is one.
/// </summary>
internal sealed class Listener : IDisposable
{
    private const int Backlog = 4096;
    private const int AddressBytes = 128;
    private const int MostAcceptedAtOnce = 64;

    /// <summary>How long it leaves those who wait alone when there was no descriptor: they would wake the loop for ever.</summary>
    public const int PauseMilliseconds = 200;

    // The runtime has to open files at any time, as to load code when it is first used, and monitoring wants to be asked just then.
    private const int ReservedDescriptors = 16;

    private readonly Socket _socket;
    private readonly Action<int, IPEndPoint> _onAccepted;
    private long _maxDescriptors = Libc.MaxDescriptors();
    private long _acceptErrors;
    private ITimer? _pause;
    private EventLoop? _loop;
    private Action<int>? _onFailed;

    /// <summary>Binds and listens. Throws <see cref="SocketException"/> if the address can't be had.</summary>
    public Listener(IPEndPoint address, Action<int, IPEndPoint> onAccepted)
    {
        _onAccepted = onAccepted;
        _socket = Open(address, Backlog);
        Libc.SetNonBlocking(Fd);
        Address = (IPEndPoint)_socket.LocalEndPoint!;
    }

    /// <summary>Where it listens, with the port that was chosen if 0 was asked for.</summary>
    public IPEndPoint Address { get; }

    private int Fd => (int)_socket.SafeHandle.DangerousGetHandle();

    /// <summary>Times that accepting failed, as for want of file descriptors. Any thread.</summary>
    public long AcceptErrors => Volatile.Read(ref _acceptErrors);

    /// <summary>A socket that listens on <paramref name="address"/>. Throws <see cref="SocketException"/> if it can't be had.</summary>
    public static Socket Open(IPEndPoint address, int backlog)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // The runtime's own option would let a second node take the same port; this one only shortens the wait after a restart.
            Libc.SetReuseAddress((int)socket.SafeHandle.DangerousGetHandle());
            if (address.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(address);
            socket.Listen(backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Accepts from now on, on the thread of <paramref name="loop"/>. When that fails for want of something,
    /// <paramref name="onFailed"/> gets the errno, and after a pause it goes on.
    /// </summary>
    public void Start(EventLoop loop, TimeProvider time, Action<int> onFailed) => loop.Post(() =>
    {
        _loop = loop;
        _onFailed = onFailed;
        _pause = time.CreateTimer(_ => loop.Post(Watch), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Watch();
    });

    /// <summary>Accepts nobody any more and gives the address up. Belongs to the loop's thread.</summary>
    public void Stop()
    {
        _loop?.Unwatch(Fd);
        Dispose();
    }

    /// <summary>Gives the address up, once the loop has stopped.</summary>
    public void Dispose()
    {
        _loop = null;
        _pause?.Dispose();
        _socket.Dispose();
    }

    private void Watch() => _loop?.Watch(Fd, OnReadable);

    private void OnReadable()
    {
        int errno = AcceptAll();
        if (errno != 0)
        {
            _loop?.Unwatch(Fd);
            _onFailed?.Invoke(errno);
            _pause?.Change(TimeSpan.FromMilliseconds(PauseMilliseconds), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Accepts who is there. Returns the errno if that fails for want of something, 0 otherwise.</summary>
    private unsafe int AcceptAll()
    {
        byte* address = stackalloc byte[AddressBytes];
        for (int i = 0; i < MostAcceptedAtOnce; i++)
        {
            if (!HasDescriptorToSpare())
            {
                return Failed(Libc.Emfile);
            }

            int length = AddressBytes;
            int fd = Libc.Accept4(Fd, address, &length, Libc.SockNonBlock | Libc.SockCloExec);
            if (fd < 0)
            {
                return Libc.Errno is int errno and not (Libc.Eagain or Libc.Eintr) ? Failed(errno) : 0;
            }

            int on = 1;
            _ = Libc.SetSockOpt(fd, Libc.SolTcp, Libc.TcpNoDelay, &on, sizeof(int));
            _onAccepted(fd, ReadAddress(new ReadOnlySpan<byte>(address, length)));
        }

        return 0;
    }

    /// <summary>
    /// True if accepting leaves the last descriptors alone. Found out before, since one who was accepted could only be closed: the
    /// kernel hands out the lowest number that is free, so a high one tells that few are left.
    /// </summary>
    private bool HasDescriptorToSpare()
    {
        int next = Libc.NextDescriptor(Fd);
        return next >= 0 && (next < _maxDescriptors - ReservedDescriptors || next < (_maxDescriptors = Libc.MaxDescriptors()) - ReservedDescriptors);
    }

    private int Failed(int errno)
    {
        Volatile.Write(ref _acceptErrors, _acceptErrors + 1);
        return errno;
    }

    private static IPEndPoint ReadAddress(ReadOnlySpan<byte> address)
    {
        SocketAddress socketAddress = new(address.Length > 16 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork, address.Length);
        address.CopyTo(socketAddress.Buffer.Span);
        IPEndPoint template = address.Length > 16 ? new IPEndPoint(IPAddress.IPv6Any, 0) : new IPEndPoint(IPAddress.Any, 0);
        IPEndPoint endPoint = (IPEndPoint)template.Create(socketAddress);
        return endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;
    }
}
