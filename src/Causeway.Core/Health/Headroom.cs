using Causeway.Core.Memory;

namespace Causeway.Core.Health;

/// <summary>How much room a node has for new clients.</summary>
public static class Headroom
{
    /// <summary>
    /// The share, 0 to 1, that is left of what the governor gives before it refuses new clients: by the fuller of the accounts and the
    /// process, whose resident memory is <paramref name="processShare"/> of what the machine or container allows it. 0 while it refuses.
    /// </summary>
    public static double Of(MemoryBudget budget, Governor governor, double processShare)
    {
        double full = Math.Max((double)budget.Held / budget.LimitBytes, processShare);
        return governor.RefusesNew ? 0 : Math.Clamp(1 - (full / Governor.Threshold(GovernorStep.RefuseNew)), 0, 1);
    }
}
