using System.Text;
using Causeway.Core.Access;
using Xunit;

namespace Causeway.Core.Tests.Access;

/// <summary>Allow and deny lists together.</summary>
public sealed class PermissionsTests
{
    [Fact]
    public void Without_lists_everything_is_allowed()
    {
        Assert.True(Permissions.All.IsUnlimited);
        Assert.True(Permissions.All.MayPublish("a.b"u8));
        Assert.True(Permissions.All.MaySubscribe(">"u8, default));
        Assert.True(Permissions.All.MayReceive("a"u8));
    }

    [Theory]
    [InlineData("orders.new", true)]
    [InlineData("orders.secret", false)]
    [InlineData("other", false)]
    [InlineData("orders.new.more", false)]
    public void Deny_goes_before_allow_when_publishing(string subject, bool allowed)
    {
        Permissions permissions = new() { PublishAllow = new SubjectSet(["orders.*"]), PublishDeny = new SubjectSet(["orders.secret"]) };
        Assert.Equal(allowed, permissions.MayPublish(Encoding.UTF8.GetBytes(subject)));
    }

    [Theory]
    [InlineData("foo.bar", "", true)]
    [InlineData("foo.*", "", true)]
    [InlineData("foo.>", "", false)]
    [InlineData(">", "", false)]
    [InlineData("foo.bar", "any", true)]
    [InlineData("jobs.1", "", false)]
    [InlineData("jobs.1", "workers", true)]
    [InlineData("jobs.*", "workers", true)]
    [InlineData("jobs.1", "others", false)]
    [InlineData("lists.1", "v1.a", true)]
    [InlineData("lists.1", "v2.a", false)]
    public void A_subscription_is_allowed_if_an_entry_stands_for_all_of_it(string subject, string queue, bool allowed)
    {
        Permissions permissions = new() { SubscribeAllow = [new SubscribeRule("foo.*"), new SubscribeRule("jobs.* workers"), new SubscribeRule("lists.> v1.>")] };
        Assert.Equal(allowed, permissions.MaySubscribe(Encoding.UTF8.GetBytes(subject), Encoding.UTF8.GetBytes(queue)));
    }

    [Fact]
    public void What_is_denied_within_a_pattern_is_left_out_at_delivery()
    {
        Permissions permissions = new() { SubscribeDeny = [new SubscribeRule("foo.secret.>"), new SubscribeRule("queue.only workers")] };
        Assert.False(permissions.MaySubscribe("foo.secret.a"u8, default));
        Assert.True(permissions.MaySubscribe("foo.*.a"u8, default));
        Assert.True(permissions.FiltersWithin("foo.*.a"u8));
        Assert.False(permissions.FiltersWithin("bar.>"u8));
        Assert.False(permissions.MayReceive("foo.secret.a"u8));
        Assert.True(permissions.MayReceive("foo.open.a"u8));
        Assert.True(permissions.MaySubscribe("queue.only"u8, default));
        Assert.False(permissions.MaySubscribe("queue.only"u8, "workers"u8));
        Assert.True(permissions.MayReceive("queue.only"u8));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b c")]
    [InlineData("a..b")]
    public void A_wrong_entry_is_refused(string entry) =>
        Assert.Contains("is no entry of a subscribe list", Assert.Throws<ArgumentException>(() => new SubscribeRule(entry)).Message, StringComparison.Ordinal);
}
