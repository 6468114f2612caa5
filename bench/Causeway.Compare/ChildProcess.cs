using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace Causeway.Compare;

/// <summary>A process that is ours to stop. <see cref="StopAll"/> stops all that still run, whatever happens to the comparison.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int KeptErrorCharacters = 4000;

    private static readonly Lock Starting = new();
    private static readonly ConcurrentDictionary<int, ChildProcess> Running = [];
    private static bool _stopped;

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private ChildProcess(Process process) => _process = process;

    public int Pid { get; private set; }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>What it wrote to standard output.</summary>
    public string Output => Read(_output);

    /// <summary>The end of what it wrote to standard error, on one line.</summary>
    public string Errors => Read(_errors).Trim().ReplaceLineEndings(" | ");

    public static ChildProcess Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        ProcessStartInfo info = new(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in command.Skip(1))
        {
            info.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            info.Environment[name] = value;
        }

        ChildProcess child = new(new Process { StartInfo = info });
        child._process.OutputDataReceived += (_, line) => Append(child._output, line.Data, int.MaxValue);
        child._process.ErrorDataReceived += (_, line) => Append(child._errors, line.Data, KeptErrorCharacters);
        child.Launch();
        child._process.StandardInput.Close();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Stops every process that was started and still runs; none can be started any more.</summary>
    public static void StopAll()
    {
        lock (Starting)
        {
            _stopped = true;
        }

        foreach (ChildProcess child in Running.Values)
        {
            child.Stop();
        }
    }

    /// <summary>Waits for its end and all its output; false when that takes longer than <paramref name="timeout"/>.</summary>
    public bool WaitForExit(TimeSpan timeout)
    {
        if (!_process.WaitForExit(timeout))
        {
            return false;
        }

        _process.WaitForExit();
        return true;
    }

    public void Stop()
    {
        Running.TryRemove(Pid, out _);
        try
        {
            if (!_process.HasExited)
            {
                _process.Kill();
                _process.WaitForExit();
            }
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself in between.
        }
    }

    public void Dispose()
    {
        Stop();
        _process.Dispose();
    }

    private void Launch()
    {
        lock (Starting)
        {
            if (_stopped)
            {
                throw new CompareException("interrupted");
            }

            try
            {
                _process.Start();
            }
            catch (System.ComponentModel.Win32Exception e)
            {
                throw new CompareException($"cannot run {_process.StartInfo.FileName}: {e.Message}");
            }

            Pid = _process.Id;
            Running[Pid] = this;
        }
    }

    private static void Append(StringBuilder text, string? line, int kept)
    {
        if (line is null)
        {
            return;
        }

        lock (text)
        {
            text.AppendLine(line);
            if (text.Length > kept)
            {
                text.Remove(0, text.Length - kept);
            }
        }
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
