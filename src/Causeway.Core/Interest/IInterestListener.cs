namespace Causeway.Core.Interest;

/// <summary>
/// Follows a table's transitions between present and absent, in their order. Called within the table's lock: it must be quick and
/// must not call the table back.
/// </summary>
public interface IInterestListener
{
    /// <summary>A literal came or went.</summary>
    void OnLiteral(ulong fingerprint, bool present);

    /// <summary>A text came or went.</summary>
    void OnText(InterestText text, bool present);
}
