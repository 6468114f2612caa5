using Causeway.Core.Health;
using Xunit;

namespace Causeway.Core.Tests.Health;

public sealed class DelayMeterTests
{
    private readonly DelayMeter _meter = new();

    [Fact]
    public void The_longest_delay_since_it_was_last_asked_is_told_once()
    {
        Task(at: 100, takes: 3);
        Task(at: 200, takes: 40);
        Task(at: 300, takes: 7);

        Assert.Equal(40, _meter.Take(400));
        Assert.Equal(0, _meter.Take(401));
    }

    [Fact]
    public void A_task_that_is_not_taken_grows_older_with_each_question_and_no_other_is_given_meanwhile()
    {
        Assert.True(_meter.TryBegin(100));
        Assert.False(_meter.TryBegin(350));
        Assert.Equal(400, _meter.Waiting(500));

        Assert.Equal(900, _meter.Take(1000));
        Assert.Equal(1900, _meter.Take(2000));
        _meter.End(2500);
        Assert.Equal(2400, _meter.Take(2600));
        Assert.Equal(-1, _meter.Waiting(2600));
        Assert.True(_meter.TryBegin(2600));
    }

    private void Task(double at, double takes)
    {
        Assert.True(_meter.TryBegin(at));
        _meter.End(at + takes);
    }
}
