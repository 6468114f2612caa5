using System.Runtime.InteropServices;
using Spectre.Console;

namespace Causeway.Cli.Bench;

/// <summary>A progress bar on standard error, only where that is a terminal; costs nothing otherwise.</summary>
internal static class BenchProgress
{
    /// <summary>How often it is drawn.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs <paramref name="work"/>, which reports a phase's name and its share done (0 to 1) now and then.</summary>
    public static T Show<T>(Func<Action<string, double>, T> work)
    {
        if (Console.IsErrorRedirected)
        {
            return work(static (_, _) => { });
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => console.Cursor.Show());
        return console.Progress()
            .AutoRefresh(false)
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .Start(context =>
            {
                ProgressTask? task = null;
                return work((phase, share) =>
                {
                    task ??= context.AddTask(phase);
                    task.Description = Markup.Escape(phase);
                    task.Value = 100 * Math.Clamp(share, 0, 1);
                    context.Refresh();
                });
            });
    }
}
