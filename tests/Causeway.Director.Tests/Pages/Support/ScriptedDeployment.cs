using Causeway.Director.Registry;

namespace Causeway.Director.Tests.Pages.Support;

/// <summary>A deployment that is what the test says.</summary>
internal sealed class ScriptedDeployment(DeploymentView first) : IDeploymentSource
{
    private volatile DeploymentView _current = first;

    public event Action<DeploymentView>? Changed;

    public DeploymentView Current => _current;

    public void Show(DeploymentView view)
    {
        _current = view;
        Changed?.Invoke(view);
    }
}
