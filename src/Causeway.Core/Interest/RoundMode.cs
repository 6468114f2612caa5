namespace Causeway.Core.Interest;

/// <summary>
/// How a round tells what the receiver lacks. A round that goes on after a cut keeps its mode: what it has listed so far says
/// nothing about what there is to compare with.
/// </summary>
[Flags]
internal enum RoundMode : byte
{
    /// <summary>Only changes.</summary>
    Changes = 0,

    /// <summary>Everything; without more, by listing it.</summary>
    Full = 1,

    /// <summary>Literals by comparing ranges.</summary>
    ComparesLiterals = 2,

    /// <summary>Texts by comparing ranges.</summary>
    ComparesTexts = 4,

    /// <summary>All of these.</summary>
    All = 7,
}
