namespace Causeway.Core.Subscriptions;

/// <summary>Is told of every subscription that comes and goes in an index, within its lock: it must be brief and not call back.</summary>
public interface ISubscriptionObserver
{
    /// <summary>A subscription has come.</summary>
    void OnAdded(Subscription subscription);

    /// <summary>A subscription has gone.</summary>
    void OnRemoved(Subscription subscription);
}
