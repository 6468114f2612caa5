using System.Globalization;
using System.Runtime.InteropServices;

namespace Causeway.Cli.NatsServer;

/// <summary>Sends a signal to a running server, as <c>nats-server --signal</c> does.</summary>
internal static partial class ServerSignal
{
    private const string Accepted = "accepted are ldm, stop, quit, term, reopen and reload";
    private const int NoSuchProcess = 3;
    private const int MaxPidFileBytes = 64;

    /// <summary>Sends <paramref name="text"/>, <c>name</c> or <c>name=process</c>; gives what went wrong, null if nothing did.</summary>
    public static string? Send(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string name = equals < 0 ? text : text[..equals];
        if (NumberOf(name) is not { } signal)
        {
            return $"'{name}' is no signal; {Accepted}";
        }

        (int process, string? problem) = equals < 0 ? TheOne(RunningServers()) : ProcessOf(text[(equals + 1)..]);
        if (problem is not null)
        {
            return problem;
        }

        if (Kill(process, signal) == 0)
        {
            return null;
        }

        int error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? $"there is no process {process}" : $"process {process} can't be sent {name}: {Marshal.GetPInvokeErrorMessage(error)}";
    }

    /// <summary>The signal of a name. As with nats-server <c>stop</c> ends the process at once, and <c>quit</c> and <c>term</c> in good order.</summary>
    public static int? NumberOf(string name) => name switch
    {
        "stop" => 9,
        "quit" => 2,
        "term" => 15,
        "reopen" => 10,
        "reload" => 1,
        "ldm" => 12,
        _ => null,
    };

    /// <summary>The process that a number or the path of a file with one names.</summary>
    public static (int Process, string? Problem) ProcessOf(string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int process) && process > 0)
        {
            return (process, null);
        }

        try
        {
            using FileStream file = File.OpenRead(text);
            using StreamReader reader = new(file);
            char[] characters = new char[MaxPidFileBytes];
            string written = new string(characters, 0, reader.ReadBlock(characters, 0, characters.Length)).Trim();
            return int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out process) && process > 0
                ? (process, null)
                : (0, $"'{text}' does not hold the number of a process");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (0, $"'{text}' names no process; accepted is a process number, or the path of a file with one");
        }
    }

    /// <summary>The only one of <paramref name="servers"/>.</summary>
    public static (int Process, string? Problem) TheOne(IReadOnlyList<int> servers) => servers switch
    {
        [] => (0, "no nats-server processes running"),
        [int only] => (only, null),
        _ => (0, $"multiple nats-server processes running: {string.Join(", ", servers)}; name one behind the signal, as in reload={servers[0]}"),
    };

    /// <summary>True if a process with this command line is a server that was started as nats-server.</summary>
    public static bool IsServer(IReadOnlyList<string> commandLine)
    {
        int at = commandLine.Count > 0 && Path.GetFileName(commandLine[0]) == "dotnet" ? 1 : 0;
        return commandLine.Count > at && (NatsServerCommand.IsProgramName(commandLine[at])
            || (Path.GetFileName(commandLine[at]) is "causeway" or "causeway.dll" && commandLine.Count > at + 1 && commandLine[at + 1] == NatsServerCommand.Name));
    }

    private static List<int> RunningServers()
    {
        List<int> found = [];
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int process) && process != Environment.ProcessId && IsServer(CommandLineOf(folder)))
            {
                found.Add(process);
            }
        }

        return found;
    }

    private static string[] CommandLineOf(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is somebody else's.
            return [];
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
