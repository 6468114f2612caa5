using Causeway.Director.Pages;
using Causeway.Drill.Desk;

namespace Causeway.Cli.Up;

/// <summary>The drills of <c>causeway up</c> as its operations page shows them. Thread-safe.</summary>
internal sealed class UpDrills(DrillDesk desk) : IDrillControl
{
    public DrillState? State => desk.State is not { } state ? null : new DrillState
    {
        Name = state.Name,
        IsRunning = state.IsRunning,
        StartedAt = state.StartedAt,
        Step = state.Step,
        Progress = state.Progress,
        Held = state.Met,
        Failed = state.Failed,
        HasReport = state.Report.Length > 0,
    };

    public Task<IReadOnlyList<DrillOffer>> ListAsync(CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<DrillOffer>>([.. desk.Scripts.Select(script => new DrillOffer(script.Name, script.Description))]);

    public Task<ActionOutcome> StartAsync(string name, CancellationToken cancel) => Task.FromResult(new ActionOutcome(desk.Start(name)));

    public Task<ActionOutcome> StopAsync(CancellationToken cancel) => Task.FromResult(new ActionOutcome(desk.Stop()));

    public async Task<string?> ReportAsync(CancellationToken cancel)
    {
        try
        {
            return desk.State is { Report.Length: > 0 } state ? await File.ReadAllTextAsync(state.Report, cancel) : null;
        }
        catch (IOException)
        {
            // Somebody has taken it away.
            return null;
        }
    }
}
