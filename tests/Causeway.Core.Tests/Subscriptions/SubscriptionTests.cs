using Causeway.Core.Subscriptions;
using Causeway.Core.Tests.Support;
using Xunit;

namespace Causeway.Core.Tests.Subscriptions;

public sealed class SubscriptionTests
{
    [Theory]
    [InlineData("a", "1")]
    [InlineData("a.b.c", "sid-1.x")]
    [InlineData("\u00e9\u0000", "\u00ff")]
    public void It_keeps_its_texts_in_one_piece(string subject, string sid)
    {
        Subscription subscription = TestSubscriptions.Create(subject, sid);
        Assert.Equal(subject, Wire.Text(subscription.Subject));
        Assert.Equal(sid, Wire.Text(subscription.Sid));
        Assert.Equal($" {sid} ", Wire.Text(subscription.SidField));
        Assert.Equal($"{subject} {sid} ", Wire.Text(subscription.SubjectAndSid));
        Assert.True(subscription.HasSubject(Wire.Bytes(subject)));
        Assert.False(subscription.HasSubject(Wire.Bytes(subject + "x")));
    }

    [Fact]
    public void It_is_over_when_it_has_had_its_messages_or_was_ended()
    {
        Subscription subscription = TestSubscriptions.Create("a");
        Assert.False(subscription.IsOver);
        subscription.MaxMessages = 2;
        subscription.Delivered = 1;
        Assert.False(subscription.IsOver);
        subscription.Delivered = 2;
        Assert.True(subscription.IsOver);
        subscription.MaxMessages = 0;
        Assert.False(subscription.IsOver);
        subscription.MaxMessages = Subscription.Ended;
        Assert.True(subscription.IsOver);
        subscription.Delivered = 0;
        Assert.True(subscription.IsOver);
    }

    /// <summary>What a subscription is booked with must not be less than what it takes.</summary>
    [Fact]
    public void It_is_booked_with_at_least_what_it_allocates()
    {
        const int Count = 10_000;
        Subscription[] kept = new Subscription[Count];
        byte[] subject = Wire.Bytes("room.0123456789.participant.0123456789.track.0123456789");
        TestSubscriptions.Create("warm.up");
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Count; i++)
        {
            kept[i] = new Subscription(null!, subject, "123456"u8, null, isPattern: false);
        }

        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / Count;
        Assert.InRange(kept[0].MemoryBytes, each, each + 64);
    }
}
