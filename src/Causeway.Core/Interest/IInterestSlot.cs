namespace Causeway.Core.Interest;

/// <summary>An entry in an <see cref="InterestMap{TSlot}"/>. Its stamp is its version, shifted up by a bit that says "never told".</summary>
internal interface IInterestSlot
{
    static abstract uint MostReferences { get; }

    /// <summary>What it is found by, of which the first bits are evenly spread.</summary>
    ulong Key { get; }

    uint References { get; set; }

    ulong Stamp { get; set; }
}
