using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Xunit;

namespace Causeway.Bus.Tests.Support;

/// <summary>A real <c>causeway serve</c>, for what only a process has: signals, an exit code, limits of the system.</summary>
internal sealed partial class ServeProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private Task _reading = Task.CompletedTask;

    private ServeProcess(Process process) => _process = process;

    public IPEndPoint Address { get; private set; } = new(IPAddress.None, 0);

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has written to its error stream.</summary>
    public string Log => string.Join('\n', _lines);

    /// <summary>Starts a node and waits until it listens. With <paramref name="maxFiles"/> it can open so many files.</summary>
    public static async Task<ServeProcess> StartAsync(string options = "", int maxFiles = 0, bool readsLog = true)
    {
        string program = typeof(ServeProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "CausewayProgram").Value!;
        string limit = maxFiles > 0 ? $"ulimit -n {maxFiles}; " : "";
        ProcessStartInfo start = new("/bin/bash", ["-c", $"{limit}exec dotnet '{program}' serve --listen 127.0.0.1:0 --http off {options}"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        ServeProcess serve = new(Process.Start(start)!);
        try
        {
            await serve.ReadAddressAsync().WaitAsync(Eventually.Deadline);
        }
        catch
        {
            serve.Dispose();
            throw;
        }

        if (readsLog)
        {
            serve.KeepReading();
        }

        return serve;
    }

    public Task<TestClient> ConnectAsync(ClientSettings? settings = null) => TestClient.ConnectAsync(Address, settings);

    public async Task<TestClient> SubscriberAsync(string subject, ClientSettings? settings = null)
    {
        TestClient client = await ConnectAsync(settings);
        await client.SubscribeAsync(subject);
        return client;
    }

    public void Send(Signal signal) => Send(_process.Id, signal);

    public static void Send(int processId, Signal signal) => Assert.Equal(0, Kill(processId, (int)signal));

    /// <summary>Waits for the end and returns the exit code. The log is complete then.</summary>
    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Eventually.Deadline);
        await _reading.WaitAsync(Eventually.Deadline);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private async Task ReadAddressAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            _lines.Enqueue(line);
            if (ListeningLine().Match(line) is { Success: true } match)
            {
                Address = IPEndPoint.Parse(match.Groups[1].Value);
                return;
            }
        }

        throw new InvalidOperationException($"causeway serve ended at once: {Log}");
    }

    private void KeepReading() => _reading = Task.Run(async () =>
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            _lines.Enqueue(line);
        }
    });

    [GeneratedRegex(@"listening for clients on (127\.0\.0\.1:\d+)")]
    private static partial Regex ListeningLine();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}

internal enum Signal
{
    Interrupt = 2,
    User2 = 12,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
