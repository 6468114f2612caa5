using Causeway.Director.Registry;
using Causeway.Director.Status;
using Microsoft.Extensions.Logging;

namespace Causeway.Director.Pages;

/// <summary>What the pages stand on. Immutable.</summary>
public sealed record PagesServices
{
    /// <summary>The director's name, unlike that of any other director of the deployment.</summary>
    public required string Director { get; init; }

    /// <summary>The deployment.</summary>
    public required IDeploymentSource Source { get; init; }

    /// <summary>Where incidents and uptime are kept, shared by the directors of the deployment.</summary>
    public required IStatusDocuments Documents { get; init; }

    /// <summary>What operators can do.</summary>
    public required IOperatorActions Actions { get; init; }

    /// <summary>True if a token is an operator's. Takes the same time for each wrong one.</summary>
    public required Func<string, bool> IsOperator { get; init; }

    /// <summary>
    /// What logins are signed with: 32 bytes or more, secret, and the same on all directors of the deployment, so that a login holds on
    /// all of them. Made from the operators' token it also ends all logins when that changes.
    /// </summary>
    public required ReadOnlyMemory<byte> SessionKey { get; init; }

    /// <summary>Drills; null where they can't be started from here.</summary>
    public IDrillControl? Drills { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where failures and what operators do is logged.</summary>
    public required ILogger Logger { get; init; }
}
