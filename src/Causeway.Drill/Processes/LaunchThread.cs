using System.Collections.Concurrent;

namespace Causeway.Drill.Processes;

/// <summary>
/// The thread that starts all processes. The kernel ties a child's life to the thread that started it, not to the process: a thread of
/// the pool may end at any time, this one never does.
/// </summary>
internal static class LaunchThread
{
    private static readonly BlockingCollection<Action> Work = [];
    private static readonly Thread Launcher = Begin();

    /// <summary>Runs <paramref name="launch"/> there and waits for it; what it throws is thrown here.</summary>
    public static void Run(Action launch)
    {
        _ = Launcher;
        TaskCompletionSource done = new();
        Work.Add(() =>
        {
            try
            {
                launch();
                done.SetResult();
            }
            catch (ProcessException fault)
            {
                done.SetException(fault);
            }
        });
        done.Task.GetAwaiter().GetResult();
    }

    private static Thread Begin()
    {
        Thread thread = new(() =>
        {
            foreach (Action work in Work.GetConsumingEnumerable())
            {
                work();
            }
        })
        {
            IsBackground = true,
            Name = "launcher",
        };
        thread.Start();
        return thread;
    }
}
