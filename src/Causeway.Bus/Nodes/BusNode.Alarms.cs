using Causeway.Bus.Alarms;
using Causeway.Core.Control;

namespace Causeway.Bus.Nodes;

/// <summary>The part of a node that alarms belong to.</summary>
public sealed partial class BusNode
{
    /// <summary>The alarms that are open, the critical ones first, of those alike the oldest first. Any thread; a list that does not change.</summary>
    public IReadOnlyList<AlarmReport> OpenAlarms => Alarms.Engine.Open;

    /// <summary>What looks at the node and raises alarms.</summary>
    internal AlarmWatch Alarms { get; }
}
