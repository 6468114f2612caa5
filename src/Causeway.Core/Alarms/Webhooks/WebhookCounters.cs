namespace Causeway.Core.Alarms.Webhooks;

/// <summary>What became of what one receiver was to be told. Immutable.</summary>
/// <param name="Delivered">Deliveries that the receiver took.</param>
/// <param name="Failed">Deliveries that failed and are tried again.</param>
/// <param name="Refused">Deliveries that the receiver will not have; they are not tried again.</param>
/// <param name="Coalesced">Alarms that had not been told before there was news of them: only the news is told.</param>
/// <param name="Dropped">Alarms that were never told, for want of room, because they were refused, or for having waited too long.</param>
/// <param name="Waiting">Alarms that wait at present.</param>
public readonly record struct WebhookCounters(long Delivered, long Failed, long Refused, long Coalesced, long Dropped, int Waiting);
