using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Causeway.Cli.Parsing;
using Causeway.Client;

namespace Causeway.Cli.Messaging;

/// <summary>Runs a command of the user in a shell, with a request on its standard input. Its standard error is the program's own.</summary>
internal sealed class ShellCommand(string text, TimeSpan timeout)
{
    /// <summary>Runs the command once. Its failures are results; only cancellation throws.</summary>
    /// <param name="request">The payload is its input; subject and headers stand in its environment.</param>
    /// <param name="outputBytesMax">More output than this is a failure.</param>
    /// <param name="cancellationToken">Kills the command.</param>
    public async Task<ShellResult> RunAsync(Message request, int outputBytesMax, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeUp = new(timeout);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, cancellationToken);
        using Process process = new() { StartInfo = StartInfo(request) };
        try
        {
            process.Start();
        }
        catch (Win32Exception failure)
        {
            return ShellResult.Failed($"the command can't be started: {failure.Message}");
        }

        Task writing = WriteAsync(process, request.Data, either.Token);
        try
        {
            byte[]? output = await ReadAsync(process, outputBytesMax, either.Token);
            if (output is null)
            {
                process.Kill(entireProcessTree: true);
                return ShellResult.Failed($"the command printed more than the {outputBytesMax} bytes that a reply may have");
            }

            await writing;
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode == 0
                ? new ShellResult(output, null, 0)
                : ShellResult.Failed(string.Create(CultureInfo.InvariantCulture, $"the command ended with exit code {process.ExitCode}"), process.ExitCode);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            return ShellResult.Failed($"the command ran longer than {new Duration(timeout)}");
        }
        finally
        {
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private ProcessStartInfo StartInfo(Message request)
    {
        ProcessStartInfo start = new("/bin/sh", ["-c", text]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["CAUSEWAY_SUBJECT"] = request.Subject;
        foreach ((string name, string value) in request.Headers ?? [])
        {
            string variable = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? char.ToUpperInvariant(c) : '_'));
            start.Environment[$"CAUSEWAY_HEADER_{variable}"] = value.Replace("\0", string.Empty, StringComparison.Ordinal);
        }

        return start;
    }

    private static async Task WriteAsync(Process process, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(data, cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A command need not read its input.
        }
    }

    /// <summary>All that the command prints; null where that is more than allowed.</summary>
    private static async Task<byte[]?> ReadAsync(Process process, int bytesMax, CancellationToken cancellationToken)
    {
        using MemoryStream all = new();
        byte[] buffer = new byte[16 * 1024];
        int count;
        while ((count = await process.StandardOutput.BaseStream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (all.Length + count > bytesMax)
            {
                return null;
            }

            all.Write(buffer, 0, count);
        }

        return all.ToArray();
    }
}
