using Causeway.Core.Clients;
using Xunit;

namespace Causeway.Core.Tests.Clients;

public sealed class CloseReasonTests
{
    [Fact]
    public void Each_reason_has_words_of_its_own()
    {
        CloseReason[] reasons = Enum.GetValues<CloseReason>();
        Assert.Equal(reasons.Length, reasons.Select(CloseReasons.Text).Distinct().Count());
        Assert.All(reasons, reason => Assert.True(reason == CloseReason.None ? reason.Text().Length == 0 : reason.Text().Contains(' ')));
    }

    /// <summary>nats-server ends slow consumers without a word; a last line must not wait behind what they don't read.</summary>
    [Fact]
    public void A_slow_consumer_is_not_sent_what_waits()
    {
        CloseReason[] slow = [CloseReason.SlowConsumerPendingBytes, CloseReason.SlowConsumerWriteStall, CloseReason.SlowConsumerMemory];
        Assert.Equal(slow, Enum.GetValues<CloseReason>().Where(CloseReasons.IsSlowConsumer));
        Assert.All(slow, reason => Assert.False(reason.SendsWhatWaits()));
    }

    [Theory]
    [InlineData(CloseReason.None, false)]
    [InlineData(CloseReason.ClientClosed, true)]
    [InlineData(CloseReason.ProtocolViolation, true)]
    [InlineData(CloseReason.MaxPayloadExceeded, true)]
    [InlineData(CloseReason.MaxControlLineExceeded, true)]
    [InlineData(CloseReason.MaxConnectionsExceeded, true)]
    [InlineData(CloseReason.StaleConnection, true)]
    [InlineData(CloseReason.ServerShutdown, true)]
    [InlineData(CloseReason.ReadError, false)]
    [InlineData(CloseReason.WriteError, false)]
    [InlineData(CloseReason.MemoryExhausted, false)]
    [InlineData(CloseReason.InternalError, false)]
    public void Errors_and_last_messages_are_sent_where_somebody_may_read_them(object reason, bool sends) =>
        Assert.Equal(sends, ((CloseReason)reason).SendsWhatWaits());
}
