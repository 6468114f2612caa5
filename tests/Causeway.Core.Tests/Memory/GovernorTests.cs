using Causeway.Core.Memory;
using CsCheck;
using Xunit;

namespace Causeway.Core.Tests.Memory;

public sealed class GovernorTests
{
    private readonly MemoryBudget _budget = new(10_000);
    private readonly MemoryAccount _account;
    private readonly Governor _governor;

    public GovernorTests()
    {
        _account = _budget.Open("a");
        _governor = new Governor(_budget);
    }

    [Theory]
    [InlineData(0, GovernorStep.Calm)]
    [InlineData(6999, GovernorStep.Calm)]
    [InlineData(7000, GovernorStep.Warn)]
    [InlineData(7999, GovernorStep.Warn)]
    [InlineData(8000, GovernorStep.CloseSlowest)]
    [InlineData(8299, GovernorStep.CloseSlowest)]
    [InlineData(8300, GovernorStep.WidenInterest)]
    [InlineData(8600, GovernorStep.DropWanBulk)]
    [InlineData(8800, GovernorStep.DropWanData)]
    [InlineData(8999, GovernorStep.DropWanData)]
    [InlineData(9000, GovernorStep.RefuseNew)]
    [InlineData(20_000, GovernorStep.RefuseNew)]
    public void Each_rung_is_entered_at_its_share(int held, object step)
    {
        _account.Charge(MemoryUse.Pending, held);
        Assert.Equal((GovernorStep)step != GovernorStep.Calm, _governor.Evaluate(0));
        Assert.Equal((GovernorStep)step, _governor.Step);
        Assert.Equal((GovernorStep)step == GovernorStep.RefuseNew, _governor.RefusesNew);
        Assert.Equal((GovernorStep)step >= GovernorStep.DropWanBulk, _governor.DropsWanBulk);
        Assert.Equal((GovernorStep)step >= GovernorStep.DropWanData, _governor.DropsWanData);
        Assert.False(_governor.Evaluate(0));
    }

    [Fact]
    public void A_rung_is_left_only_below_its_share_by_the_hysteresis()
    {
        string path = "";
        foreach (int held in new[] { 7000, 6501, 6500, 6499, 7000, 9000, 8501, 8499, 7501, 7499, 6501, 6499 })
        {
            _account.Charge(MemoryUse.Pending, held - _account.Bytes);
            _governor.Evaluate(0);
            path += (int)_governor.Step;
        }

        Assert.Equal("111016652110", path);
        Assert.Equal(2, _governor.TimesEntered(GovernorStep.Warn));
        Assert.Equal(1, _governor.TimesEntered(GovernorStep.CloseSlowest));
        Assert.Equal(1, _governor.TimesEntered(GovernorStep.RefuseNew));
    }

    [Fact]
    public void The_process_counts_as_well_as_the_accounts()
    {
        Assert.True(_governor.Evaluate(0.82));
        Assert.Equal(GovernorStep.CloseSlowest, _governor.Step);
        Assert.Equal(0, _governor.BytesToShed());
        Assert.True(_governor.Evaluate(0.1));
        Assert.Equal(GovernorStep.Calm, _governor.Step);
    }

    [Fact]
    public void A_smaller_budget_is_fuller()
    {
        _account.Charge(MemoryUse.Pending, 5000);
        _governor.Evaluate(0);
        Assert.Equal(GovernorStep.Calm, _governor.Step);
        _budget.LimitBytes = 5500;
        _governor.Evaluate(0);
        Assert.Equal(GovernorStep.RefuseNew, _governor.Step);
        _budget.LimitBytes = 100_000;
        _governor.Evaluate(0);
        Assert.Equal(GovernorStep.Calm, _governor.Step);
    }

    [Fact]
    public void As_much_is_to_be_shed_as_lets_the_rung_be_left()
    {
        _account.Charge(MemoryUse.Pending, 7900);
        _governor.Evaluate(0);
        Assert.Equal(0, _governor.BytesToShed());
        _account.Charge(MemoryUse.Pending, 1000);
        _governor.Evaluate(0);
        long shed = _governor.BytesToShed();
        Assert.Equal(1400, shed);
        _account.Release(MemoryUse.Pending, shed + 1);
        _governor.Evaluate(0);
        Assert.Equal(GovernorStep.Warn, _governor.Step);
    }

    [Fact]
    public void What_was_shed_and_refused_is_counted()
    {
        _governor.CountShed(100);
        _governor.CountShed(50);
        _governor.CountRefusedConnection();
        _governor.CountRefusedSubscription();
        Assert.Equal((2, 150, 1, 1), (_governor.ShedClients, _governor.ShedBytes, _governor.RefusedConnections, _governor.RefusedSubscriptions));
    }

    [Fact]
    public void Whatever_the_course_the_rung_fits_the_fullness() =>
        Gen.Double[0, 1.2].Array[1, 60].Sample(shares =>
        {
            Governor governor = new(new MemoryBudget(1));
            foreach (double share in shares)
            {
                GovernorStep before = governor.Step;
                bool changed = governor.Evaluate(share);
                Assert.Equal(before != governor.Step, changed);
                bool high = governor.Step == GovernorStep.RefuseNew || share < Governor.Threshold(governor.Step + 1);
                bool low = governor.Step == GovernorStep.Calm || share >= Governor.Threshold(governor.Step) - Governor.Hysteresis;
                Assert.True(high && low, $"{governor.Step} at {share}");
                Assert.True(governor.Step <= before || share >= Governor.Threshold(governor.Step), $"climbed to {governor.Step} at {share}");
            }
        }, iter: 2000);
}
