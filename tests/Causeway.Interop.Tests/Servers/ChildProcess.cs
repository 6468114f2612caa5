using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Causeway.Interop.Tests.Servers;

/// <summary>A process that this test run started: its output is kept, and it never outlives the run.</summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<int, Process> Running = new();
    private static readonly TimeSpan KillDeadline = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly Action<string>? _onOutputLine;
    private readonly ConcurrentQueue<string> _log = new();

    static ChildProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) => KillAll();

    private ChildProcess(Process process, Action<string>? onOutputLine)
    {
        _process = process;
        _onOutputLine = onOutputLine;
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public StreamWriter Input => _process.StandardInput;

    /// <summary>What it wrote to its output and error streams so far.</summary>
    public string Log => string.Join('\n', _log);

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static ChildProcess Start(Launch launch, Action<string>? onOutputLine = null)
    {
        ProcessStartInfo start = new(launch.Program, launch.Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = new() { StartInfo = start };
        ChildProcess child = new(process, onOutputLine);
        process.OutputDataReceived += (_, line) => child.TakeOutput(line.Data);
        process.ErrorDataReceived += (_, line) => child.TakeLog(line.Data);
        process.Start();
        Running[process.Id] = process;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>True if the process ended, and all its output arrived, before the deadline.</summary>
    public async Task<bool> WaitForExitAsync(TimeSpan deadline)
    {
        using CancellationTokenSource timeout = new(deadline);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Send(Signal signal)
    {
        if (Kill(_process.Id, (int)signal) != 0)
        {
            throw new InvalidOperationException(
                $"Signal {signal} to process {_process.Id} failed with error {Marshal.GetLastPInvokeError()}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        KillIfRunning(_process);
        await WaitForExitAsync(KillDeadline);
        Running.TryRemove(_process.Id, out _);
        _process.Dispose();
    }

    private static void KillAll()
    {
        foreach (Process process in Running.Values)
        {
            KillIfRunning(process);
        }
    }

    private static void KillIfRunning(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);

    private void TakeOutput(string? line)
    {
        TakeLog(line);
        if (line is not null)
        {
            _onOutputLine?.Invoke(line);
        }
    }

    private void TakeLog(string? line)
    {
        if (line is not null)
        {
            _log.Enqueue(line);
        }
    }
}
