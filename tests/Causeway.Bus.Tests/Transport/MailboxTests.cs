using Causeway.Bus.Transport;
using Xunit;

namespace Causeway.Bus.Tests.Transport;

/// <summary>Whoever asks a loop for something gets an answer, also of a loop that has ended.</summary>
public sealed class MailboxTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_is_asked_is_done_when_the_loop_looks()
    {
        using Mailbox mailbox = new();
        bool isDone = false;
        Task asked = mailbox.InvokeAsync(() => isDone = true);
        Assert.False(asked.IsCompleted);
        mailbox.DoAll();
        await asked.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        Assert.True(isDone);
    }

    [Fact]
    public async Task What_fails_tells_the_one_who_asked()
    {
        using Mailbox mailbox = new();
        Task asked = mailbox.InvokeAsync(() => throw new InvalidOperationException("no"));
        mailbox.DoAll();
        await Assert.ThrowsAsync<InvalidOperationException>(() => asked.WaitAsync(Deadline, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_last_look_does_what_was_asked_before_it()
    {
        using Mailbox mailbox = new();
        bool isDone = false;
        Task asked = mailbox.InvokeAsync(() => isDone = true);
        mailbox.End();
        await asked.WaitAsync(Deadline, TestContext.Current.CancellationToken);
        Assert.True(isDone);
    }

    [Fact]
    public async Task Nobody_waits_for_a_loop_that_has_ended()
    {
        using Mailbox mailbox = new();
        mailbox.End();
        Task asked = mailbox.InvokeAsync(() => Assert.Fail("nobody may do it"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => asked.WaitAsync(Deadline, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Of_many_who_ask_while_it_ends_all_are_answered()
    {
        for (int round = 0; round < 200; round++)
        {
            using Mailbox mailbox = new();
            using Barrier start = new(3);
            Task<Task[]>[] askers = [.. Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return Enumerable.Range(0, 20).Select(_ => mailbox.InvokeAsync(() => { })).ToArray();
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default))];
            start.SignalAndWait(TestContext.Current.CancellationToken);
            mailbox.DoAll();
            mailbox.End();
            foreach (Task asked in (await Task.WhenAll(askers)).SelectMany(each => each))
            {
                await asked.WaitAsync(Deadline, TestContext.Current.CancellationToken).ContinueWith(
                    ended => Assert.True(ended.IsCompletedSuccessfully || ended.Exception?.InnerException is ObjectDisposedException, $"{ended.Exception}"),
                    TestContext.Current.CancellationToken,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
            }
        }
    }
}
