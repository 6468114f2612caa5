namespace Causeway.Core.Subscriptions;

/// <summary>Who may subscribe: a client, or a source of remote interest.</summary>
public abstract class Subscriber
{
}
