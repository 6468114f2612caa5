using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Causeway.Tests.Support;

/// <summary>Waits for what must become true, with a deadline, instead of sleeping.</summary>
public static class Eventually
{
    /// <summary>What no single step of a test may take longer than, on a machine with much else to do.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    public static Task TrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? text = null) =>
        TrueAsync(condition, Deadline, null, text);

    /// <summary>Fails after <paramref name="deadline"/>, with what <paramref name="say"/> says then.</summary>
    public static async Task TrueAsync(
        Func<bool> condition, TimeSpan deadline, Func<string>? say = null, [CallerArgumentExpression(nameof(condition))] string? text = null)
    {
        long began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(began) > deadline)
            {
                Xunit.Assert.Fail($"not true within {deadline.TotalSeconds} s: {text} {say?.Invoke()}");
            }

            await Task.Delay(Interval, Xunit.TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Asks again until the answer is as expected; fails with the last answer at the deadline.</summary>
    public static async Task EqualAsync<T>(T expected, Func<Task<T>> ask)
    {
        long began = Stopwatch.GetTimestamp();
        T actual = await ask();
        while (!EqualityComparer<T>.Default.Equals(actual, expected) && Stopwatch.GetElapsedTime(began) < Deadline)
        {
            await Task.Delay(Interval, Xunit.TestContext.Current.CancellationToken);
            actual = await ask();
        }

        Xunit.Assert.Equal(expected, actual);
    }

    /// <summary>The task's result, or a failed test if it doesn't come in time.</summary>
    public static Task<T> InTimeAsync<T>(this Task<T> task) => task.WaitAsync(Deadline, Xunit.TestContext.Current.CancellationToken);

    public static Task InTimeAsync(this Task task) => task.WaitAsync(Deadline, Xunit.TestContext.Current.CancellationToken);
}
