using System.Net;
using System.Net.Sockets;
using Causeway.Bus.Transport;
using Causeway.Cli.Execution;

namespace Causeway.Cli.Bench;

/// <summary>
/// A TCP connection as a bare descriptor in blocking mode, used without blocking once its handshake is over
/// (<see cref="TrySend"/>, <see cref="TryReceive"/>), so that a message costs the load generator next to nothing.
/// </summary>
internal sealed unsafe class RawConnection : IDisposable
{
    private RawConnection(int descriptor) => Descriptor = descriptor;

    public int Descriptor { get; private set; }

    /// <summary>Connects within <paramref name="timeout"/>, which also bounds each blocking call on the connection.</summary>
    public static RawConnection Open(IPEndPoint endPoint, TimeSpan timeout)
    {
        SocketAddress address = endPoint.Serialize();
        int domain = endPoint.AddressFamily == AddressFamily.InterNetwork ? 2 : 10;
        int descriptor = BenchLibc.Socket(domain, BenchLibc.SockStream | Libc.SockCloExec, 0);
        if (descriptor < 0)
        {
            int errno = Libc.Errno;
            throw new BenchException(
                ExitCode.Connection,
                errno is Libc.Emfile or Libc.Enfile ? "no more file descriptors: raise `ulimit -n`" : $"socket failed with errno {errno}");
        }

        RawConnection connection = new(descriptor);
        try
        {
            connection.SetTimeouts(timeout);
            fixed (byte* at = address.Buffer.Span)
            {
                if (BenchLibc.Connect(descriptor, at, address.Size) < 0)
                {
                    throw new BenchException(ExitCode.Connection, $"cannot connect to {endPoint}: {Reason(Libc.Errno)}");
                }
            }

            int on = 1;
            _ = Libc.SetSockOpt(descriptor, Libc.SolTcp, Libc.TcpNoDelay, &on, sizeof(int));
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Sends what the socket takes at once; 0 when it takes nothing now.</summary>
    public int TrySend(ReadOnlySpan<byte> data) => Send(data, Libc.MsgDontWait | Libc.MsgNoSignal);

    /// <summary>Sends all, blocking.</summary>
    public void SendAll(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            int sent = Send(data, Libc.MsgNoSignal);
            data = sent > 0 ? data[sent..] : throw new BenchException(ExitCode.Failure, "the server takes no more bytes");
        }
    }

    /// <summary>Reads what has come: the number of bytes, 0 when there is nothing now, -1 when the server has closed.</summary>
    public int TryReceive(Span<byte> buffer) => Receive(buffer, Libc.MsgDontWait);

    /// <summary>Reads as <see cref="TryReceive"/> but waits for bytes up to the timeout.</summary>
    public int Receive(Span<byte> buffer) => Receive(buffer, 0);

    public void Dispose()
    {
        if (Descriptor >= 0)
        {
            _ = Libc.Close(Descriptor);
            Descriptor = -1;
        }
    }

    private static string Reason(int errno) => errno switch
    {
        BenchLibc.EconnRefused => "connection refused",
        BenchLibc.Einprogress or BenchLibc.EtimedOut or Libc.Eagain => "timed out",
        _ => $"errno {errno}",
    };

    private int Send(ReadOnlySpan<byte> data, int flags)
    {
        fixed (byte* at = data)
        {
            while (true)
            {
                nint sent = Libc.Send(Descriptor, at, data.Length, flags);
                if (sent >= 0)
                {
                    return (int)sent;
                }

                switch (Libc.Errno)
                {
                    case Libc.Eagain:
                        return 0;
                    case Libc.Eintr:
                        continue;
                    default:
                        throw new BenchException(ExitCode.Failure, "the server has closed a connection");
                }
            }
        }
    }

    private int Receive(Span<byte> buffer, int flags)
    {
        fixed (byte* at = buffer)
        {
            while (true)
            {
                nint received = Libc.Recv(Descriptor, at, buffer.Length, flags);
                if (received != -1)
                {
                    return received == 0 ? -1 : (int)received;
                }

                switch (Libc.Errno)
                {
                    case Libc.Eagain:
                        return 0;
                    case Libc.Eintr:
                        continue;
                    default:
                        return -1;
                }
            }
        }
    }

    private void SetTimeouts(TimeSpan timeout)
    {
        long* value = stackalloc long[2];
        value[0] = (long)timeout.TotalSeconds;
        value[1] = Math.Max(1, timeout.Microseconds + (1000L * timeout.Milliseconds));
        _ = Libc.SetSockOpt(Descriptor, BenchLibc.SolSocket, BenchLibc.SoSendTimeout, (int*)value, 2 * sizeof(long));
        _ = Libc.SetSockOpt(Descriptor, BenchLibc.SolSocket, BenchLibc.SoReceiveTimeout, (int*)value, 2 * sizeof(long));
    }
}
