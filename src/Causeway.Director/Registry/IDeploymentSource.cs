namespace Causeway.Director.Registry;

/// <summary>Gives the deployment as it is now. Thread-safe, and cheap enough to ask several times a second.</summary>
public interface IDeploymentSource
{
    /// <summary>The deployment at this moment.</summary>
    DeploymentView Current { get; }

    /// <summary>Raised about once a second with a new view, on any thread; handlers return soon.</summary>
    event Action<DeploymentView>? Changed;
}
