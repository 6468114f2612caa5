using Causeway.Client.Threading;
using Causeway.Tests.Support;
using Xunit;

namespace Causeway.Client.Tests.Threading;

public sealed class AsyncSignalTests
{
    [Fact]
    public async Task A_signal_is_kept_for_the_next_wait_and_merged_with_others()
    {
        AsyncSignal signal = new();
        signal.Set();
        signal.Set();

        Assert.True(signal.WaitAsync().AsTask().IsCompleted);
        Task wait = signal.WaitAsync().AsTask();
        Assert.False(wait.IsCompleted);
        signal.Set();
        await wait.InTimeAsync();
    }

    [Fact]
    public async Task No_signal_is_lost_between_threads()
    {
        const int Rounds = 100_000;
        AsyncSignal there = new();
        AsyncSignal back = new();
        int seen = 0;
        Task other = Task.Run(
            async () =>
            {
                for (int i = 0; i < Rounds; i++)
                {
                    await there.WaitAsync();
                    seen++;
                    back.Set();
                }
            },
            TestContext.Current.CancellationToken);

        for (int i = 0; i < Rounds; i++)
        {
            there.Set();
            await back.WaitAsync();
        }

        await other.InTimeAsync();
        Assert.Equal(Rounds, seen);
    }
}
