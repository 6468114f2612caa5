namespace Causeway.Core.Alarms.Webhooks;

/// <summary>The bounds of telling alarms to one receiver, with units in their names. Immutable.</summary>
public sealed record WebhookLimits
{
    /// <summary>Most alarms that wait for a receiver; beyond, the one that has waited longest is dropped and counted.</summary>
    public int MaxWaiting { get; init; } = 512;

    /// <summary>Most alarms told in one delivery.</summary>
    public int MaxAlertsPerDelivery { get; init; } = 64;

    /// <summary>Time that a delivery may take.</summary>
    public TimeSpan DeliveryTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>First pause after a failed delivery; it doubles up to <see cref="MaxPause"/>, each with jitter.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause after a failed delivery.</summary>
    public TimeSpan MaxPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Time after which an alarm that could not be told is dropped and counted.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromHours(6);
}
