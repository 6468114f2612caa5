using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Causeway.Drill.Processes;

/// <summary>
/// A process that is ours to stop. It never outlives us: the kernel kills it when we die, however that is. It is in a session of its
/// own, so that Ctrl-C in a terminal comes to us alone. What it writes goes to a file. Thread-safe.
/// </summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    // The kernel is asked to kill it with us, and it only begins if we are still there by then.
    private static readonly string[] Launcher =
        ["setsid", "setpriv", "--pdeathsig", "KILL", "sh", "-c", "[ \"$PPID\" = \"$0\" ] && exec \"$@\"", Environment.ProcessId.ToString(null as IFormatProvider)];

    /// <summary>How long its output is read on after its end, if it has no end itself: long enough that a busy machine leaves nothing out.</summary>
    private static readonly TimeSpan LastWordsPatience = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly ChildLog _log;
    private readonly TaskCompletionSource<ChildEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _killedFor;

    private ChildProcess(Process process, ChildLog log)
    {
        _process = process;
        _log = log;
    }

    /// <summary>Its id; stays that of the process after its end.</summary>
    public int Id { get; private set; }

    /// <summary>Completes at its end, once all its output has been written.</summary>
    public Task<ChildEnd> Ended => _ended.Task;

    /// <summary>True once it has ended and its output is written.</summary>
    public bool HasEnded => _ended.Task.IsCompleted;

    /// <summary>The last lines that it wrote, on one line.</summary>
    public string LastWords => _log.Tail.Trim().ReplaceLineEndings(" | ");

    /// <summary>Starts a program.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="logFile">Where its output is appended, to <see cref="ChildLog.MaxBytes"/>.</param>
    /// <param name="environment">Variables to set; a null value takes one away.</param>
    /// <exception cref="ProcessException">It can't be started.</exception>
    public static ChildProcess Start(IReadOnlyList<string> command, string logFile, IReadOnlyDictionary<string, string?>? environment = null)
    {
        ArgumentNullException.ThrowIfNull(command);
        ProcessStartInfo info = new(Launcher[0], [.. Launcher.Skip(1), .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach ((string name, string? value) in environment ?? new Dictionary<string, string?>())
        {
            info.Environment[name] = value;
        }

        ChildProcess child = new(new Process { StartInfo = info }, new ChildLog(logFile));
        LaunchThread.Run(child.Begin);
        _ = child.WatchAsync();
        return child;
    }

    /// <summary>Sends it a signal; false if it has ended.</summary>
    public bool Signal(int signal) => !HasEnded && Kill(Id, signal) == 0;

    /// <summary>Kills it at once and waits for its end; <paramref name="why"/> is what its end will say.</summary>
    public async Task<ChildEnd> KillAsync(string why)
    {
        KillNow(why);
        return await Ended.ConfigureAwait(false);
    }

    /// <summary>Kills it at once.</summary>
    public void KillNow(string why)
    {
        if (!HasEnded)
        {
            _killedFor ??= why;
            _ = Kill(Id, Signals.Kill);
        }
    }

    /// <summary>Asks it to end by SIGTERM, and kills it if it has not ended within <paramref name="patience"/>.</summary>
    public async Task<ChildEnd> StopAsync(TimeSpan patience)
    {
        Signal(Signals.Terminate);
        try
        {
            return await Ended.WaitAsync(patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return await KillAsync($"killed: it did not end within {patience.TotalSeconds:0.#} s of SIGTERM").ConfigureAwait(false);
        }
    }

    /// <summary>Kills it if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync("stopped").ConfigureAwait(false);
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    private void Begin()
    {
        try
        {
            _process.Start();
        }
        catch (System.ComponentModel.Win32Exception fault)
        {
            _log.Dispose();
            throw new ProcessException($"can't run '{Launcher[0]}' (of the package util-linux): {fault.Message}", fault);
        }

        Id = _process.Id;
        _process.StandardInput.Close();
    }

    private async Task WatchAsync()
    {
        Task output = _log.CopyAsync(_process.StandardOutput.BaseStream);
        Task errors = _log.CopyAsync(_process.StandardError.BaseStream);
        await _process.WaitForExitAsync().ConfigureAwait(false);

        // Its own children may hold the pipes open; they are not waited for.
        await Task.WhenAny(Task.WhenAll(output, errors), Task.Delay(LastWordsPatience)).ConfigureAwait(false);
        _log.Dispose();
        _ended.SetResult(new ChildEnd(_process.ExitCode, _killedFor, LastWords));
    }
}
