using Causeway.Drill.Deployments;
using Causeway.Drill.Engine;
using Causeway.Drill.Load;
using Causeway.Drill.Results;
using Causeway.Drill.Scripts;

namespace Causeway.Drill.Desk;

/// <summary>What a <see cref="DrillDesk"/> stands on. Immutable.</summary>
internal sealed record DeskSettings
{
    /// <summary>The deployment, which has started.</summary>
    public required IDeployment Deployment { get; init; }

    /// <summary>How the deployment is between drills.</summary>
    public required DeploymentBaseline Baseline { get; init; }

    /// <summary>The drills that can be started, as <see cref="DeskScripts"/> fits them.</summary>
    public required IReadOnlyList<DrillScript> Scripts { get; init; }

    /// <summary>What the clients of each region do between drills; null for no clients.</summary>
    public LoadLevel? UsualLoad { get; init; }

    /// <summary>Begins a load that makes its choices from a seed.</summary>
    public required Func<int, ILoad> StartLoad { get; init; }

    /// <summary>The folder for reports; those of a drill that runs again take the place of the older ones.</summary>
    public required string ReportFolder { get; init; }

    /// <summary>What reports say of each run, but for its start.</summary>
    public required RunFacts Facts { get; init; }

    /// <summary>The clock of runs.</summary>
    public IDrillClock Clock { get; init; } = new MachineClock();

    /// <summary>The clock of the day.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
