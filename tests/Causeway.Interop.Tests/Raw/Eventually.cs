namespace Causeway.Interop.Tests.Raw;

/// <summary>For what a server does soon, but tells nobody when.</summary>
public static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    /// <summary>Asks again until the answer is as expected; fails with the last answer at the deadline.</summary>
    public static async Task EqualAsync<T>(T expected, Func<Task<T>> ask)
    {
        using CancellationTokenSource deadline = new(Deadline);
        T actual = await ask();
        while (!EqualityComparer<T>.Default.Equals(actual, expected) && !deadline.IsCancellationRequested)
        {
            await Task.Delay(Interval, TestContext.Current.CancellationToken);
            actual = await ask();
        }

        Assert.Equal(expected, actual);
    }
}
