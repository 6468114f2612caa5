using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace Causeway.Tests.Support;

/// <summary>Waits for what must become true, with a deadline, instead of sleeping.</summary>
public static class Eventually
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static async Task TrueAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string? text = null)
    {
        long began = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Deadline, $"not true within {Deadline.TotalSeconds} s: {text}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The task's result, or a failed test when it doesn't come in time.</summary>
    public static Task<T> InTimeAsync<T>(this Task<T> task) => task.WaitAsync(Deadline, TestContext.Current.CancellationToken);

    public static Task InTimeAsync(this Task task) => task.WaitAsync(Deadline, TestContext.Current.CancellationToken);
}
