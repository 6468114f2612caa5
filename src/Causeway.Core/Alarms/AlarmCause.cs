namespace Causeway.Core.Alarms;

/// <summary>The first cause of an alarm. Immutable.</summary>
/// <param name="Text">In one line: which account, link, region pair, topic prefix, client.</param>
/// <param name="Details">The names and values that it was found from, in snake case; null for none.</param>
public sealed record AlarmCause(string Text, IReadOnlyDictionary<string, string>? Details = null);
