using System.Runtime.InteropServices;

namespace Causeway.Bus.Transport;

/// <summary>
/// The few libc calls the event loop is made of. Linux only (x86-64 and arm64), see docs/decisions/0001-own-event-loop.md.
/// Each returns -1 on error with the reason in <see cref="Marshal.GetLastSystemError"/>.
/// </summary>
internal static unsafe partial class Libc
{
    public const int EpollIn = 0x001;
    public const int EpollOut = 0x004;
    public const int EpollErr = 0x008;
    public const int EpollHup = 0x010;
    public const int EpollRdHup = 0x2000;
    public const int EpollCtlAdd = 1;
    public const int EpollCtlDel = 2;
    public const int EpollCtlMod = 3;

    public const int Eintr = 4;
    public const int Eagain = 11;
    public const int Enfile = 23;
    public const int Emfile = 24;
    public const int EconnReset = 104;

    public const int MsgDontWait = 0x40;
    public const int MsgPeek = 0x02;
    public const int MsgNoSignal = 0x4000;
    public const int SockNonBlock = 0x800;
    public const int SockCloExec = 0x80000;
    public const int SolTcp = 6;
    public const int TcpNoDelay = 1;

    private const int RLimitNoFile = 7;
    private const int SolSocket = 1;
    private const int SoReuseAddr = 2;
    private const int AfUnix = 1;
    private const int SockStream = 1;
    private const int FSetFl = 4;
    private const int FDupFdCloExec = 1030;
    private const int NonBlock = 0x800;
    private const int FionRead = 0x541B;
    private const int EpollCloExec = 0x80000;
    private const int EventFdFlags = SockNonBlock | SockCloExec;

    public static int EpollCreate() => EpollCreate1(EpollCloExec);

    public static int EventFd() => EventFd(0, EventFdFlags);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = false)]
    private static partial int EpollCreate1(int flags);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = false)]
    private static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl")]
    public static partial int EpollCtl(int epoll, int op, int fd, byte* epollEvent);

    [LibraryImport("libc", EntryPoint = "epoll_wait")]
    public static partial int EpollWait(int epoll, byte* events, int maxEvents, int timeoutMilliseconds);

    [LibraryImport("libc", EntryPoint = "recv")]
    public static partial nint Recv(int fd, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "send")]
    public static partial nint Send(int fd, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "sendmsg")]
    public static partial nint SendMsg(int fd, MsgHdr* message, int flags);

    [LibraryImport("libc", EntryPoint = "read")]
    public static partial nint Read(int fd, void* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "write")]
    public static partial nint Write(int fd, void* buffer, nint length);

    [LibraryImport("libc", EntryPoint = "accept4")]
    public static partial int Accept4(int fd, byte* address, int* addressLength, int flags);

    [LibraryImport("libc", EntryPoint = "setsockopt")]
    public static partial int SetSockOpt(int fd, int level, int option, int* value, int length);

    /// <summary>Lets a listener bind to an address of which old connections linger (SO_REUSEADDR).</summary>
    public static void SetReuseAddress(int fd)
    {
        int on = 1;
        _ = SetSockOpt(fd, SolSocket, SoReuseAddr, &on, sizeof(int));
    }

    /// <summary>Makes calls on <paramref name="fd"/> return at once, with EAGAIN where they would wait.</summary>
    public static void SetNonBlocking(int fd) => _ = Fcntl(fd, FSetFl, NonBlock);

    /// <summary>A pair of connected local stream sockets: the first does not block, the second is as the runtime wants it.</summary>
    public static (int NonBlocking, int Other) SocketPair()
    {
        int* pair = stackalloc int[2];
        if (SocketPair(AfUnix, SockStream | SockCloExec, 0, pair) < 0)
        {
            throw new IOException($"no pair of local sockets could be had, errno {Errno}");
        }

        SetNonBlocking(pair[0]);
        return (pair[0], pair[1]);
    }

    /// <summary>Bytes that have arrived on <paramref name="fd"/> and were not yet received.</summary>
    public static int Arrived(int fd)
    {
        int bytes = 0;
        return IoCtl(fd, FionRead, &bytes) < 0 ? 0 : bytes;
    }

    /// <summary>The number that the next descriptor would get if it were opened now, or -1 if none is left. <paramref name="fd"/> is any open one.</summary>
    public static int NextDescriptor(int fd)
    {
        int next = Fcntl(fd, FDupFdCloExec, 0);
        if (next >= 0)
        {
            _ = Close(next);
        }

        return next;
    }

    /// <summary>How many descriptors the process may have: one more than the highest it can get.</summary>
    public static long MaxDescriptors()
    {
        RLimit limit;
        return GetRLimit(RLimitNoFile, &limit) < 0 ? long.MaxValue : (long)Math.Min(limit.Current, long.MaxValue);
    }

    /// <summary>Fills <paramref name="bytes"/>, of which there are at most 256, from the kernel's generator. Returns how many it filled.</summary>
    public static nint GetRandom(Span<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            return GetRandom(first, bytes.Length, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "getrandom")]
    private static partial nint GetRandom(byte* bytes, nint length, uint flags);

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetRLimit(int resource, RLimit* limit);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Fcntl(int fd, int command, int argument);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int IoCtl(int fd, nuint request, int* argument);

    [LibraryImport("libc", EntryPoint = "socketpair")]
    private static partial int SocketPair(int domain, int type, int protocol, int* pair);

    /// <summary>Makes <paramref name="to"/> stand for what <paramref name="from"/> does, closed in new programs.</summary>
    public static int Replace(int from, int to) => Dup3(from, to, SockCloExec);

    /// <summary>Another descriptor for what <paramref name="fd"/> stands for; negative if there is none left.</summary>
    public static int Duplicate(int fd) => Fcntl(fd, FDupFdCloExec, 0);

    [LibraryImport("libc", EntryPoint = "dup3")]
    private static partial int Dup3(int from, int to, int flags);

    [LibraryImport("libc", EntryPoint = "shutdown")]
    public static partial int Shutdown(int fd, int how);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int fd);

    /// <summary>The errno of the call made just before on this thread; read at once, before anything else runs.</summary>
    public static int Errno => Marshal.GetLastSystemError();

    [StructLayout(LayoutKind.Sequential)]
    private struct RLimit
    {
        public ulong Current;
        public ulong Most;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct IoVec
    {
        public byte* Base;
        public nint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct MsgHdr
    {
        public void* Name;
        public uint NameLength;
        public IoVec* Vectors;
        public nint VectorCount;
        public void* Control;
        public nint ControlLength;
        public int Flags;
    }
}
