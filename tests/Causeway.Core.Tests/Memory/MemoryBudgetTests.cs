using Causeway.Core.Memory;
using Xunit;

namespace Causeway.Core.Tests.Memory;

public sealed class MemoryBudgetTests
{
    private readonly MemoryBudget _budget = new(1000);

    [Fact]
    public void Charges_are_kept_by_account_by_use_and_in_all()
    {
        MemoryAccount first = _budget.Open("first");
        MemoryAccount second = _budget.Open("second");
        first.Charge(MemoryUse.Pending, 100);
        first.Charge(MemoryUse.Receive, 10);
        second.Charge(MemoryUse.Pending, 200);
        Assert.Equal((110, 200, 310), (first.Bytes, second.Bytes, _budget.Total));
        Assert.Equal((100, 10, 0), (first.BytesOf(MemoryUse.Pending), first.BytesOf(MemoryUse.Receive), first.BytesOf(MemoryUse.Pool)));
        Assert.Equal((300, 10, 0), (_budget.TotalOf(MemoryUse.Pending), _budget.TotalOf(MemoryUse.Receive), _budget.TotalOf(MemoryUse.Pool)));
        first.Release(MemoryUse.Pending, 100);
        Assert.Equal((10, 210), (first.Bytes, _budget.Total));
        Assert.Equal("first", first.Name);
    }

    [Fact]
    public void A_charge_that_would_pass_the_limit_is_refused_and_counted()
    {
        MemoryAccount account = _budget.Open("a");
        Assert.True(account.TryCharge(MemoryUse.Pending, 1000));
        Assert.False(account.TryCharge(MemoryUse.Pending, 1));
        Assert.Equal((1000, 1), (_budget.Total, _budget.Refusals));
        account.Charge(MemoryUse.Pending, 5);
        Assert.Equal(1005, _budget.Total);
        account.Release(MemoryUse.Pending, 6);
        Assert.True(account.TryCharge(MemoryUse.Pending, 1));
    }

    [Fact]
    public void The_limit_can_be_changed_at_any_time()
    {
        MemoryAccount account = _budget.Open("a");
        account.Charge(MemoryUse.Pending, 900);
        _budget.LimitBytes = 500;
        Assert.False(account.TryCharge(MemoryUse.Pending, 1));
        _budget.LimitBytes = 901;
        Assert.True(account.TryCharge(MemoryUse.Pending, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => _budget.LimitBytes = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MemoryBudget(-1));
    }

    [Fact]
    public void The_peak_stays()
    {
        MemoryAccount account = _budget.Open("a");
        account.Charge(MemoryUse.Pending, 700);
        account.Release(MemoryUse.Pending, 700);
        account.Charge(MemoryUse.Pending, 300);
        Assert.Equal(700, _budget.Peak);
    }

    [Fact]
    public void What_an_account_holds_at_its_end_is_a_leak_and_is_taken_out()
    {
        MemoryAccount clean = _budget.Open("clean");
        MemoryAccount leaky = _budget.Open("leaky");
        clean.Charge(MemoryUse.Pending, 10);
        clean.Release(MemoryUse.Pending, 10);
        leaky.Charge(MemoryUse.Pending, 10);
        leaky.Charge(MemoryUse.Routes, 7);
        _budget.Close(clean);
        Assert.Equal((0, 0), (_budget.Leaks, _budget.LeakedBytes));
        _budget.Close(leaky);
        Assert.Equal((1, 17), (_budget.Leaks, _budget.LeakedBytes));
        Assert.Equal((0, 0, 0), (_budget.Total, leaky.Bytes, _budget.TotalOf(MemoryUse.Routes)));
    }

    /// <summary>Uses that cancel out are leaks no less.</summary>
    [Fact]
    public void An_account_whose_uses_only_cancel_out_is_a_leak_as_well()
    {
        MemoryAccount account = _budget.Open("mixed up");
        account.Charge(MemoryUse.Pending, 10);
        account.Release(MemoryUse.Receive, 10);
        _budget.Close(account);
        Assert.Equal(1, _budget.Leaks);
        Assert.All(Enum.GetValues<MemoryUse>(), use => Assert.Equal(0, _budget.TotalOf(use)));
    }

    [Fact]
    public void There_is_room_for_every_use() => Assert.Equal(MemoryBudget.UseCount, Enum.GetValues<MemoryUse>().Length);

    [Fact]
    public async Task Many_threads_leave_the_books_exact()
    {
        MemoryBudget budget = new(1L << 40);
        MemoryAccount shared = budget.Open("shared");
        Task[] threads = [.. Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            MemoryAccount own = budget.Open("own");
            Random random = new(seed);
            for (int i = 0; i < 50_000; i++)
            {
                MemoryUse use = (MemoryUse)random.Next(MemoryBudget.UseCount);
                int bytes = random.Next(1000);
                MemoryAccount account = random.Next(2) == 0 ? own : shared;
                account.Charge(use, bytes);
                account.Release(use, bytes);
            }

            Assert.Equal(0, own.Bytes);
        }, TestContext.Current.CancellationToken))];
        await Task.WhenAll(threads);
        Assert.Equal((0, 0), (budget.Total, shared.Bytes));
        Assert.All(Enum.GetValues<MemoryUse>(), use => Assert.Equal(0, budget.TotalOf(use)));
        Assert.InRange(budget.Peak, 1, 4000);
    }
}
