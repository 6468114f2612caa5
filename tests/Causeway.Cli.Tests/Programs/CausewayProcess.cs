using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Cli.Tests.Programs;

/// <summary>The program as users run it: a process of its own with arguments, standard streams, signals and an exit code.</summary>
internal sealed partial class CausewayProcess : IAsyncDisposable
{
    private static readonly string[] InheritedSettings = ["CAUSEWAY_SERVER", "NATS_URL", "CAUSEWAY_HTTP"];

    /// <summary>Commands that connect to a server, which on a busy machine may take longer than the two seconds that they give it.</summary>
    private static readonly string[] Connecting = ["pub", "sub", "request", "reply", "trace"];

    private readonly Process _process;
    private readonly Task<byte[]> _output;
    private readonly List<string> _errors = [];
    private readonly TaskCompletionSource _errorsEnded = new();

    private CausewayProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => OnErrorLine(line.Data);
        process.Start();
        process.BeginErrorReadLine();
        _output = ReadAllAsync(process.StandardOutput.BaseStream);
    }

    /// <summary>Lines of standard error so far.</summary>
    public string[] Errors
    {
        get
        {
            lock (_errors)
            {
                return [.. _errors];
            }
        }
    }

    public int Id => _process.Id;

    public Stream Input => _process.StandardInput.BaseStream;

    public static CausewayProcess Start(string? server, params string[] arguments) =>
        new(new Process { StartInfo = StartInfo(server, arguments) });

    /// <summary>Starts the program with settings in its environment.</summary>
    public static CausewayProcess StartIn((string Name, string Value)[] environment, params string[] arguments)
    {
        ProcessStartInfo start = StartInfo(null, arguments);
        Array.ForEach(environment, setting => start.Environment[setting.Name] = setting.Value);
        return new CausewayProcess(new Process { StartInfo = start });
    }

    /// <summary>Runs the program to its end.</summary>
    /// <param name="server">What the environment says as server; null for nothing.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="input">Standard input; null for none.</param>
    public static async Task<ProgramResult> RunAsync(string? server, string[] arguments, byte[]? input = null)
    {
        await using CausewayProcess process = Start(server, arguments);
        if (input is not null)
        {
            try
            {
                await process.Input.WriteAsync(input, TestContext.Current.CancellationToken);
            }
            catch (IOException)
            {
                // The program ended without reading all of it; its exit code says why.
            }
        }

        process._process.StandardInput.Close();
        return await process.EndAsync();
    }

    /// <summary>Waits until standard error has a line with <paramref name="text"/>.</summary>
    public Task SaysAsync(string text) =>
        Eventually.TrueAsync(() => Errors.Any(line => line.Contains(text, StringComparison.Ordinal)), $"'{text}' in: {string.Join('|', Errors)}");

    public void Interrupt() => Signal(PosixSignals.Interrupt);

    public void Terminate() => Signal(PosixSignals.Terminate);

    /// <summary>Sends the program a signal.</summary>
    public void Send(int signal) => Signal(signal);

    /// <summary>Kills the program and nothing that it started.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Asks any process to end.</summary>
    public static void Terminate(int process) => Assert.Equal(0, SendSignal(process, PosixSignals.Terminate));

    /// <summary>Kills any process.</summary>
    public static void Kill(int process) => Assert.Equal(0, SendSignal(process, PosixSignals.Kill));

    /// <summary>Closes the reading end of the program's standard output.</summary>
    public void CloseOutput() => _process.StandardOutput.Close();

    /// <summary>Waits until the program has ended by itself.</summary>
    public async Task<ProgramResult> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).InTimeAsync();
        await _errorsEnded.Task.InTimeAsync();
        byte[] output = await _output.InTimeAsync();
        return new ProgramResult(_process.ExitCode, output, Errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string? server, string[] arguments)
    {
        if (server is not null && Connecting.Contains(arguments[0]))
        {
            arguments = [arguments[0], "--connect-timeout", $"{Eventually.Deadline.TotalSeconds:0}s", .. arguments[1..]];
        }

        ProcessStartInfo start = new("dotnet", [TestServer.CausewayProgram, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Tests of this process may change these at the same time.
        Array.ForEach(InheritedSettings, name => start.Environment.Remove(name));
        if (server is not null)
        {
            start.Environment["CAUSEWAY_SERVER"] = server;
        }

        return start;
    }

    private static async Task<byte[]> ReadAllAsync(Stream stream)
    {
        using MemoryStream all = new();
        try
        {
            await stream.CopyToAsync(all);
        }
        catch (Exception closed) when (closed is ObjectDisposedException or IOException)
        {
            // The test closed it.
        }

        return all.ToArray();
    }

    private void OnErrorLine(string? line)
    {
        if (line is null)
        {
            _errorsEnded.TrySetResult();
            return;
        }

        lock (_errors)
        {
            _errors.Add(line);
        }
    }

    private void Signal(int signal) => Assert.Equal(0, SendSignal(_process.Id, signal));

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    private static class PosixSignals
    {
        public const int Interrupt = 2;
        public const int Kill = 9;
        public const int Terminate = 15;
    }
}

/// <summary>How a run of the program ended.</summary>
internal sealed record ProgramResult(int ExitCode, byte[] Output, string[] Errors)
{
    public string Text => Encoding.UTF8.GetString(Output);

    public string[] Lines => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
