namespace Causeway.Client.Rpc.Wire;

/// <summary>What a call is known by, wherever it goes: no two attempts of any caller have the same. Written as <c>caller.number</c>.</summary>
/// <param name="Caller">The caller's name.</param>
/// <param name="Number">The number of the attempt, from 1.</param>
internal readonly record struct CallId(string Caller, long Number)
{
    public string Caller { get => field ?? string.Empty; init; } = Caller;

    public override int GetHashCode() => HashCode.Combine(Caller.GetHashCode(StringComparison.Ordinal), Number);
}
