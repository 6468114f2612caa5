namespace Causeway.Director.Store;

/// <summary>The server of the store can't be reached, or did not answer in time; the message says why.</summary>
public sealed class StoreUnavailableException : Exception
{
    /// <summary>Creates it.</summary>
    public StoreUnavailableException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
