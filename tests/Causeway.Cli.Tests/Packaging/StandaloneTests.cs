using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Causeway.Cli.Tests.Deploy;
using Causeway.Cli.Tests.Programs;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Cli.Tests.Packaging;

/// <summary>The file that <c>deploy/publish</c> makes, on a machine that has no .NET as far as the file can tell.</summary>
// Both restore and publish the same project, which only one may at a time.
[Collection("Packaging")]
public sealed class StandaloneTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task One_file_is_a_node_its_tools_and_a_deployment_without_an_installed_runtime()
    {
        using TemporaryFolder folder = new();
        string program = await PublishAsync(folder.Path);
        Assert.Equal([program], Directory.GetFileSystemEntries(Path.GetDirectoryName(program)!));

        int port = FreePorts.Take();
        string url = $"nats://127.0.0.1:{port}";
        using Run node = new(folder.Path, program, "serve", "--listen", $"127.0.0.1:{port}", "--http", "off");
        await node.SaysAsync("listening for clients");
        using Run heard = new(folder.Path, program, "sub", "a", "--count", "1", "--raw", "--server", url);
        await heard.SaysAsync("listening on 'a'");
        using Run told = new(folder.Path, program, "pub", "a", "from one file", "--server", url);
        Assert.Equal(0, await told.EndAsync());
        Assert.Equal(0, await heard.EndAsync());
        Assert.Equal("from one file", heard.Output.Trim());
        node.Terminate();
        Assert.Equal(0, await node.EndAsync());

        using Run up = new(folder.Path, program, "up", "--no-load", "--regions", "2", "--nodes", "1", "--json");
        await up.SaysAsync("up; Ctrl-C ends all of it");
        int[] nodes = await up.NodesAsync();
        Assert.Equal([program, program], nodes.Select(process => new FileInfo($"/proc/{process}/exe").LinkTarget));
        up.Terminate();
        await up.EndAsync();
        await Eventually.TrueAsync(() => !nodes.Any(process => Directory.Exists($"/proc/{process}")));
    }

    private static async Task<string> PublishAsync(string folder)
    {
        string standalone = Path.Combine(folder, "standalone");

        // Without compiling ahead of time, which takes minutes and which ./causeway does too.
        ProcessStartInfo start = new(Path.Combine(DeployedFiles.Folder, "publish"), [standalone, RuntimeInformation.RuntimeIdentifier, "-p:PublishReadyToRun=false"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using Process publish = Process.Start(start)!;
        Task<string> output = publish.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = publish.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await publish.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience);
        string said = await output + await errors;
        Assert.True(publish.ExitCode == 0, said);

        // Whoever builds it is to see no warnings either.
        Assert.DoesNotContain("warning", said, StringComparison.OrdinalIgnoreCase);
        return Path.Combine(standalone, "causeway");
    }

    /// <summary>The file as a process, which finds neither a runtime nor a program named dotnet.</summary>
    private sealed class Run : IDisposable
    {
        private readonly Process _process;
        private readonly Lock _lock = new();
        private string _output = "";
        private string _errors = "";

        public Run(string folder, string program, params string[] arguments)
        {
            ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment.Clear();
            start.Environment["PATH"] = Programs(folder);
            start.Environment["HOME"] = folder;
            _process = new Process { StartInfo = start };
            _process.OutputDataReceived += (_, line) => Add(ref _output, line.Data);
            _process.ErrorDataReceived += (_, line) => Add(ref _errors, line.Data);
            _process.Start();
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
        }

        public string Output
        {
            get
            {
                lock (_lock)
                {
                    return _output;
                }
            }
        }

        private string Errors
        {
            get
            {
                lock (_lock)
                {
                    return _errors;
                }
            }
        }

        public async Task SaysAsync(string text)
        {
            await Eventually.TrueAsync(() => Errors.Contains(text, StringComparison.Ordinal) || _process.HasExited, Eventually.Deadline, () => Errors, text);
            Assert.Contains(text, Errors, StringComparison.Ordinal);
        }

        /// <summary>The nodes' processes, as <c>causeway up --json</c> prints them.</summary>
        public async Task<int[]> NodesAsync()
        {
            await Eventually.TrueAsync(() => Output.Trim().EndsWith('}'), Eventually.Deadline, () => Output + Errors);
            using JsonDocument report = JsonDocument.Parse(Output);
            return [.. report.RootElement.GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("process").GetInt32())];
        }

        public void Terminate() => CausewayProcess.Terminate(_process.Id);

        public async Task<int> EndAsync()
        {
            await _process.WaitForExitAsync(TestContext.Current.CancellationToken).InTimeAsync();
            return _process.ExitCode;
        }

        public void Dispose()
        {
            if (!_process.HasExited)
            {
                _process.Kill(entireProcessTree: true);
                _process.WaitForExit();
            }

            _process.Dispose();
        }

        /// <summary>A folder with all that <c>causeway up</c> needs of the machine.</summary>
        private static string Programs(string folder)
        {
            string programs = Path.Combine(folder, "programs");
            if (!Directory.Exists(programs))
            {
                Directory.CreateDirectory(programs);
                Array.ForEach(["setsid", "setpriv", "sh"], name => File.CreateSymbolicLink(Path.Combine(programs, name), $"/usr/bin/{name}"));
            }

            return programs;
        }

        private void Add(ref string text, string? line)
        {
            lock (_lock)
            {
                text += line is null ? "" : line + "\n";
            }
        }
    }
}
