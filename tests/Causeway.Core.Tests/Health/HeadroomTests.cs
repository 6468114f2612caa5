using Causeway.Core.Health;
using Causeway.Core.Memory;
using Xunit;

namespace Causeway.Core.Tests.Health;

public sealed class HeadroomTests
{
    private readonly MemoryBudget _budget = new(10_000);
    private readonly Governor _governor;

    public HeadroomTests() => _governor = new Governor(_budget);

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(4500, 0.1, 0.5)]
    [InlineData(1000, 0.45, 0.5)]
    [InlineData(8100, 0.1, 0.1)]
    [InlineData(9000, 0, 0)]
    [InlineData(20_000, 0, 0)]
    [InlineData(0, 2, 0)]
    public void It_is_what_the_fuller_of_accounts_and_process_leaves_before_new_clients_are_refused(int held, double processShare, double headroom)
    {
        _budget.Open("a").Charge(MemoryUse.Pending, held);

        Assert.Equal(headroom, Headroom.Of(_budget, _governor, processShare), 6);
    }

    [Fact]
    public void There_is_none_while_the_governor_refuses_though_there_is_room_already()
    {
        MemoryAccount account = _budget.Open("a");
        account.Charge(MemoryUse.Pending, 9500);
        _governor.Evaluate(0);
        account.Release(MemoryUse.Pending, 800);
        _governor.Evaluate(0);

        Assert.Equal(0, Headroom.Of(_budget, _governor, 0));

        account.Release(MemoryUse.Pending, 300);
        _governor.Evaluate(0);
        Assert.InRange(Headroom.Of(_budget, _governor, 0), 0.06, 0.07);
    }

    [Fact]
    public void Idle_buffers_take_no_room()
    {
        _budget.Open("pool").Charge(MemoryUse.Pool, 9900);

        Assert.Equal(1, Headroom.Of(_budget, _governor, 0));
    }
}
