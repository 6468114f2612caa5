using Causeway.Client.Protocol;
using Xunit;

namespace Causeway.Client.Tests.Protocol;

public sealed class ServerErrorsTests
{
    [Theory]
    [InlineData("Permissions Violation for Subscription to \"a.>\"", "a.>", null)]
    [InlineData("Permissions Violation for Subscription to \"a\" using queue \"q\"", "a", "q")]
    public void A_refused_subscription_is_read(string text, string expectedSubject, string? expectedQueue)
    {
        Assert.True(ServerErrors.TryReadRefusedSubscription(text, out string subject, out string? queueGroup));
        Assert.Equal(expectedSubject, subject);
        Assert.Equal(expectedQueue, queueGroup);
    }

    [Theory]
    [InlineData("Permissions Violation for Publish to \"a\"")]
    [InlineData("Permissions Violation for Subscription to ")]
    [InlineData("")]
    public void Other_texts_refuse_no_subscription(string text) => Assert.False(ServerErrors.TryReadRefusedSubscription(text, out _, out _));

    [Theory]
    [InlineData("Permissions Violation for Publish to \"a.b\"", "a.b")]
    [InlineData("Permissions Violation for Subscription to \"a\"", null)]
    [InlineData("Permissions Violation for Publish to ", null)]
    [InlineData("Permissions Violation for Publish to \"a", null)]
    [InlineData("", null)]
    public void A_refused_subject_of_a_message_is_read(string text, string? expected)
    {
        Assert.Equal(expected is not null, ServerErrors.TryReadRefusedPublish(text, out string subject));
        Assert.Equal(expected ?? "", subject);
    }

    [Theory]
    [InlineData("Permissions Violation for Publish to \"a\"", false)]
    [InlineData("Invalid Subject", false)]
    [InlineData("maximum subscriptions exceeded", false)]
    [InlineData("Authorization Violation", true)]
    [InlineData("Stale Connection", true)]
    [InlineData("anything else", true)]
    public void It_is_known_which_errors_close_the_connection(string text, bool closes) => Assert.Equal(closes, ServerErrors.Closes(text));
}
