namespace Causeway.Director.Status;

/// <summary>What kind of trouble a component is in, in words that can be public.</summary>
public enum Trouble
{
    /// <summary>None.</summary>
    None,

    /// <summary>Memory or room for clients is short.</summary>
    Capacity,

    /// <summary>Servers are lost or not ready.</summary>
    Servers,

    /// <summary>Connections between regions are cut, slow or behind.</summary>
    Links,

    /// <summary>Connections between servers of one region are cut, slow or behind.</summary>
    Inside,

    /// <summary>Clients read too slowly.</summary>
    Load,

    /// <summary>An operator moves clients away.</summary>
    Maintenance,

    /// <summary>It is not known.</summary>
    Unknown,
}
