using Causeway.Drill.Engine;

namespace Causeway.Drill.Expectations;

/// <summary>All steps could be done. Judged of every run, whatever the script expects.</summary>
internal sealed record StepsDone : Expectation
{
    public override string Key => "steps-done";

    public override string Wanted => "all steps of the script are done";

    public override Finding Judge(DrillRecord record)
    {
        DrillEvent[] problems = [.. record.Events.Where(what => what.Kind is EventKind.Problem or EventKind.NotPossible)];
        return Finding.If(problems.Length == 0, problems.Length == 0 ? "all" : $"{problems.Length} not, the first at {record.Clock(problems[0].At)}: {problems[0].Text}");
    }
}
