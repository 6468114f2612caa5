using Causeway.Cli.Execution;

namespace Causeway.Cli.Bench;

/// <summary>Runs a measurement and prints its result, or the one line that says why there is none.</summary>
internal static class BenchRunner
{
    public static int Run(bool json, Func<Action<string, double>, BenchResult> measure)
    {
        try
        {
            BenchResult result = BenchProgress.Show(measure);
            Console.Out.WriteLine(json ? result.ToJson() : BenchReport.Text(result));
            return ExitCode.Success;
        }
        catch (BenchException e)
        {
            Console.Error.WriteLine($"causeway bench: {e.Message}");
            return e.ExitCode;
        }
    }
}
