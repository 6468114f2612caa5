using System.Text;
using Causeway.Cli.Execution;
using Causeway.Drill.Report;
using Causeway.Drill.Results;

namespace Causeway.Cli.Drills;

/// <summary>Where results go. Whether they can is found out before a drill begins.</summary>
internal sealed class DrillFiles
{
    private const string StandardOutput = "-";
    private readonly string? _report;
    private readonly string? _json;

    /// <exception cref="CommandException">A file can't be written.</exception>
    public DrillFiles(string? report, string? json)
    {
        _report = report;
        _json = json;
        foreach (string path in new[] { report, json }.OfType<string>().Where(path => path != StandardOutput))
        {
            Write(path, []);
        }
    }

    /// <summary>True if the standard output is taken by JSON.</summary>
    public bool TakesStandardOutput => _json == StandardOutput;

    /// <summary>Writes the results; gives a line for each file.</summary>
    public IReadOnlyList<string> Write(IReadOnlyList<DrillResult> results)
    {
        List<string> lines = [];
        if (_json is { } json)
        {
            byte[] text = ResultFile.Write(results);
            if (json == StandardOutput)
            {
                using Stream output = Console.OpenStandardOutput();
                output.Write(text);
                output.Write("\n"u8);
            }
            else
            {
                Write(json, text);
                lines.Add($"result: {json}");
            }
        }

        if (_report is { } report)
        {
            Write(report, Encoding.UTF8.GetBytes(ReportPage.Of(results)));
            lines.Add($"report: {report}");
        }

        return lines;
    }

    private static void Write(string path, byte[] bytes)
    {
        try
        {
            File.WriteAllBytes(path, bytes);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandException(ExitCode.Usage, $"'{path}' can't be written: {problem.Message}");
        }
    }
}
