namespace Causeway.Drill.Processes;

/// <summary>A process can't be started, or did not become what it should. The message is for the user.</summary>
public sealed class ProcessException : Exception
{
    /// <summary>Creates it with a message for the user.</summary>
    public ProcessException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
