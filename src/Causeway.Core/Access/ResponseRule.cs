namespace Causeway.Core.Access;

/// <summary>
/// <c>allow_responses</c>: a user may publish to the reply subject of a message that it got, so often and for so long. Immutable.
/// </summary>
/// <param name="MaxMessages">Replies to each request; negative for any number.</param>
/// <param name="Expires">Time after the request in which they may come; zero for no end.</param>
public sealed record ResponseRule(int MaxMessages, TimeSpan Expires)
{
    /// <summary>nats-server's values for <c>allow_responses: true</c>: one reply within two minutes.</summary>
    public static readonly ResponseRule Default = new(1, TimeSpan.FromMinutes(2));
}
