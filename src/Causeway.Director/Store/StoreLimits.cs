namespace Causeway.Director.Store;

/// <summary>Bounds of what directors share.</summary>
public static class StoreLimits
{
    /// <summary>Most documents.</summary>
    public const int MaxDocuments = 4096;

    /// <summary>Largest document, in bytes.</summary>
    public const int MaxDocumentBytes = 1024 * 1024;

    /// <summary>Longest key, in characters.</summary>
    public const int MaxKeyCharacters = 256;

    /// <summary>Most directors that are kept.</summary>
    public const int MaxDirectors = 64;

    /// <summary>Time from one sign of life of a director to the next.</summary>
    public static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(1);

    /// <summary>Silence after which a director counts as lost.</summary>
    public static readonly TimeSpan DirectorLostAfter = TimeSpan.FromSeconds(5);

    /// <summary>Silence after which a lost director is forgotten.</summary>
    public static readonly TimeSpan DirectorForgottenAfter = TimeSpan.FromMinutes(10);

    /// <summary>Longest time that one call to a store's server may take.</summary>
    public static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Time from a failure of the store's server to the next attempt.</summary>
    public static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
}
