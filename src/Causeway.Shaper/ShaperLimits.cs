namespace Causeway.Shaper;

/// <summary>What a shaper holds at most.</summary>
internal static class ShaperLimits
{
    /// <summary>Connections at a time; further ones are reset.</summary>
    public const int ConnectionsMax = 1024;

    /// <summary>Bytes of one connection and direction, under way and waiting, whatever its conditions ask for.</summary>
    public const int ConnectionBytesMax = 16 * 1024 * 1024;

    /// <summary>Bytes read at a time.</summary>
    public const int ChunkBytesMax = 32 * 1024;

    /// <summary>Bytes read at a time on the slowest link.</summary>
    public const int ChunkBytesMin = 256;

    /// <summary>A slow link reads what it carries in this part of a second, so that its connections take fair turns.</summary>
    public const int ChunksPerSecond = 50;

    /// <summary>The kernel's buffers of each socket, so that it can't hide what the limits above are for.</summary>
    public const int SocketBufferBytes = 32 * 1024;

    /// <summary>Latency and jitter at most.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>What the timers' coarseness may hold up without making a fast link slower.</summary>
    public static readonly TimeSpan TimerSlack = TimeSpan.FromMilliseconds(10);
}
