namespace Causeway.Director.Status;

/// <summary>How a component of the public status page is, from well to worst. The order counts.</summary>
public enum ComponentState
{
    /// <summary>All is well.</summary>
    Operational,

    /// <summary>It serves, but slower or with less in reserve than it should.</summary>
    DegradedPerformance,

    /// <summary>A part of its users or of its ways is not served.</summary>
    PartialOutage,

    /// <summary>It does not serve.</summary>
    MajorOutage,
}
