using System.Globalization;
using System.Net;

namespace Causeway.Drill.Processes;

/// <summary>Tells which process holds the other end of a connection over the loopback, from <c>/proc/net/tcp</c> and <c>/proc/PID/fd</c>.</summary>
internal static class SocketOwner
{
    private const int InodeField = 9;

    /// <summary>The one of <paramref name="candidates"/> that holds the socket bound to <paramref name="local"/> and connected to <paramref name="remote"/>; 0 if none does.</summary>
    public static int Find(IPEndPoint local, IPEndPoint remote, IEnumerable<int> candidates)
    {
        string? inode = Inode(Hex(local), Hex(remote));
        if (inode is null)
        {
            return 0;
        }

        string link = $"socket:[{inode}]";
        return candidates.FirstOrDefault(process => Holds(process, link));
    }

    private static string? Inode(string local, string remote)
    {
        foreach (string line in File.ReadLines("/proc/net/tcp").Skip(1))
        {
            if (line.Contains(local, StringComparison.Ordinal))
            {
                string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields[1] == local && fields[2] == remote && fields[InodeField] != "0")
                {
                    return fields[InodeField];
                }
            }
        }

        return null;
    }

    private static bool Holds(int process, string link)
    {
        try
        {
            return Directory.EnumerateFiles($"/proc/{process}/fd").Any(path => Target(path) == link);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? Target(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (IOException)
        {
            // Closed in between.
            return null;
        }
    }

    /// <summary>An address as the kernel writes it: the bytes of the IPv4 address as one number of the machine's, then the port.</summary>
    private static string Hex(IPEndPoint address) => string.Create(
        CultureInfo.InvariantCulture, $"{BitConverter.ToUInt32(address.Address.GetAddressBytes()):X8}:{address.Port:X4}");
}
