using System.Diagnostics;
using System.Text;
using Causeway.Tests.Support;
using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Client.Tests.Samples;

/// <summary>A sample that runs as a process of its own.</summary>
internal sealed class RunningSample : IDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _text = new();

    private RunningSample(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Input = process.StandardInput;
        Input.AutoFlush = true;
    }

    /// <summary>What it reads.</summary>
    public StreamWriter Input { get; }

    /// <summary>What it has written so far.</summary>
    public string Text
    {
        get
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }

    public static RunningSample Start(string name, params string[] arguments)
    {
        // The same configuration as the program under test: samples lie beside src.
        string program = Path.GetFullPath(TestServer.CausewayProgram)
            .Replace("src/Causeway.Cli", $"samples/Causeway.Samples.{name}", StringComparison.Ordinal)
            .Replace("causeway.dll", $"Causeway.Samples.{name}.dll", StringComparison.Ordinal);
        return new RunningSample(new Process
        {
            StartInfo = new ProcessStartInfo("dotnet", [program, .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        });
    }

    /// <summary>Ends its input, waits for its end and gives its exit code.</summary>
    public async Task<int> EndAsync()
    {
        Input.Close();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).InTimeAsync();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private void Append(string? line)
    {
        if (line is not null)
        {
            lock (_text)
            {
                _text.Append(line).Append('\n');
            }
        }
    }
}
