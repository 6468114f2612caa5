namespace Causeway.Director.Access;

/// <summary>Says who is an operator. Thread-safe.</summary>
public interface IOperatorAccess
{
    /// <summary>False where no token was configured: then nobody is an operator.</summary>
    bool IsConfigured { get; }

    /// <summary>What logins are signed with, 32 bytes: derived from the token, so the same on all directors that share it.</summary>
    ReadOnlyMemory<byte> SessionKey { get; }

    /// <summary>True if <paramref name="token"/> is the operators'. Takes the same time for each wrong one.</summary>
    bool IsOperator(string token);
}
