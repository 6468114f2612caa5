using Causeway.Bus.Transport;

namespace Causeway.Bus.Nodes;

/// <summary>
/// Random bytes that nobody can foretell, from the kernel's own generator (getrandom(2)). The runtime's come from OpenSSL, 6 MB that a
/// node without TLS and logins has no other use for.
/// </summary>
internal static class KernelRandom
{
    /// <summary>Most bytes that the kernel gives at once without being interrupted.</summary>
    public const int MaxBytes = 256;

    /// <summary>Gives <paramref name="count"/> bytes, at most <see cref="MaxBytes"/>. Throws <see cref="IOException"/> if the kernel gives none. Any thread.</summary>
    public static byte[] Bytes(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxBytes);
        byte[] bytes = new byte[count];
        return Libc.GetRandom(bytes) == count ? bytes : throw new IOException($"the kernel gave no random bytes, errno {Libc.Errno}");
    }
}
