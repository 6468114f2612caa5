using System.Runtime.InteropServices;

namespace Causeway.Cli.Bench;

/// <summary>The libc calls that the load generator needs beyond those of the bus. Errno as there.</summary>
internal static unsafe partial class BenchLibc
{
    public const int SockStream = 1;
    public const int SolSocket = 1;
    public const int SoSendTimeout = 21;
    public const int SoReceiveTimeout = 20;
    public const int Einprogress = 115;
    public const int EconnRefused = 111;
    public const int EtimedOut = 110;

    private const int ClockMonotonic = 1;
    private const int TimerFlags = 0x80800; // TFD_NONBLOCK | TFD_CLOEXEC

    [LibraryImport("libc", EntryPoint = "socket")]
    public static partial int Socket(int domain, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "connect")]
    public static partial int Connect(int fd, byte* address, int addressLength);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    public static partial int ClockGetTime(int clock, TimeSpec* time);

    public static int TimerCreate() => TimerCreate(ClockMonotonic, TimerFlags);

    [LibraryImport("libc", EntryPoint = "timerfd_settime")]
    public static partial int TimerSet(int fd, int flags, TimerSpec* value, TimerSpec* old);

    [LibraryImport("libc", EntryPoint = "timerfd_create")]
    private static partial int TimerCreate(int clock, int flags);

    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct TimerSpec
    {
        public TimeSpec Interval;
        public TimeSpec Value;
    }
}
