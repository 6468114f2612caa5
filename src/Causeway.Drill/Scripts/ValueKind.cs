namespace Causeway.Drill.Scripts;

/// <summary>A kind of value that stands behind keys: how it is read, and what is accepted.</summary>
/// <param name="Accepted">The end of the sentence "accepted is ...".</param>
/// <param name="Read">Reads it; false if it is not of this kind.</param>
internal sealed record ValueKind<T>(string Accepted, ValueKind<T>.TryRead Read)
{
    /// <summary>Reads a text.</summary>
    public delegate bool TryRead(string text, out T value);
}
