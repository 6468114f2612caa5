using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;

namespace Causeway.Tests.Support.Servers;

/// <summary>A server process on a port of its own.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private const int StartAttempts = 5;
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    private readonly string _kind;
    private readonly string? _configurationFile;
    private readonly string[] _options;
    private readonly bool _speaksFirst;
    private readonly StringBuilder _output = new();
    private Process? _process;

    private TestServer(string kind, int port, string? configurationFile, string[] options, bool speaksFirst)
    {
        _speaksFirst = speaksFirst;
        _options = options;
        _kind = kind;
        _configurationFile = configurationFile;
        Port = port;
    }

    public int Port { get; }

    public int Pid => _process!.Id;

    public string Url => string.Create(CultureInfo.InvariantCulture, $"nats://127.0.0.1:{Port}");

    /// <summary>The program under test: <c>causeway.dll</c> of the same build configuration.</summary>
    public static string CausewayProgram { get; } =
        typeof(TestServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "CausewayProgram").Value!;

    /// <summary>Starts a server and returns when it answers.</summary>
    /// <param name="kind">One of <see cref="ServerKinds"/>.</param>
    /// <param name="configuration">The text of a configuration file, which both read.</param>
    /// <param name="options">More options of the server's command.</param>
    public static async Task<TestServer> StartAsync(string kind, string? configuration = null, params string[] options)
    {
        string? file = null;
        if (configuration is not null)
        {
            file = Path.Combine(Path.GetTempPath(), $"causeway-test-{Guid.NewGuid():N}.conf");
            await File.WriteAllTextAsync(file, configuration);
        }

        for (int attempt = 1; ; attempt++)
        {
            // Where TLS comes first the server says nothing to who does not begin it.
            TestServer server = new(kind, FreePorts.Take(), file, options, configuration?.Contains("handshake_first: true", StringComparison.Ordinal) != true);
            try
            {
                await server.StartAsync();
                return server;
            }
            catch (IOException) when (attempt < StartAttempts)
            {
                // Somebody else took the port in between.
                await server.StopAsync();
            }
        }
    }

    /// <summary>Starts the process (again, on the same port) and waits until it answers.</summary>
    public async Task StartAsync()
    {
        ProcessStartInfo start = new() { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        string port = Port.ToString(CultureInfo.InvariantCulture);
        string[] arguments;
        if (_kind == ServerKinds.Nats)
        {
            start.FileName = "nats-server";
            arguments = ["-a", "127.0.0.1", "-p", port, .. _configurationFile is null ? Array.Empty<string>() : ["-c", _configurationFile]];
        }
        else
        {
            start.FileName = "dotnet";
            arguments = [CausewayProgram, "serve", "--listen", $"127.0.0.1:{port}", "--http", "off", .. _configurationFile is null ? Array.Empty<string>() : ["--config", _configurationFile]];
        }

        Array.ForEach([.. arguments, .. _options], start.ArgumentList.Add);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Log(line.Data);
        _process.ErrorDataReceived += (_, line) => Log(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await ReadyAsync(_process);
    }

    /// <summary>Ends the process as a crash does.</summary>
    public async Task StopAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
            _process.Dispose();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_configurationFile is not null)
        {
            File.Delete(_configurationFile);
        }
    }

    private async Task ReadyAsync(Process process)
    {
        long began = Stopwatch.GetTimestamp();
        while (true)
        {
            using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, Port);
                if ((!_speaksFirst || await socket.ReceiveAsync(new byte[1]) == 1) && !process.HasExited)
                {
                    return;
                }
            }
            catch (SocketException) when (!process.HasExited && Stopwatch.GetElapsedTime(began) < StartDeadline)
            {
                await Task.Delay(10);
                continue;
            }
            catch (SocketException)
            {
            }

            throw new IOException($"{_kind} on port {Port} did not start: {Output()}");
        }
    }

    private void Log(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }

    private string Output()
    {
        lock (_output)
        {
            return _output.ToString();
        }
    }
}
