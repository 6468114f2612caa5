using Causeway.Drill.Engine;

namespace Causeway.Drill.Expectations;

/// <summary>What a script expects of a run. Immutable.</summary>
internal abstract record Expectation
{
    /// <summary>Its key in scripts.</summary>
    public abstract string Key { get; }

    /// <summary>What is expected, in words.</summary>
    public abstract string Wanted { get; }

    /// <summary>Judges a run.</summary>
    public abstract Finding Judge(DrillRecord record);

    /// <summary>Judges, and puts it down.</summary>
    public Outcome Of(DrillRecord record)
    {
        Finding finding = Judge(record);
        return new Outcome(Key, Wanted, finding.Verdict, finding.Found);
    }
}

/// <summary>What came of an expectation.</summary>
internal enum Verdict
{
    /// <summary>It is as expected.</summary>
    Met,

    /// <summary>It is not.</summary>
    Failed,

    /// <summary>This run has nothing to tell it from; it counts neither way.</summary>
    NotTold,
}

/// <summary>A verdict and what it stands on.</summary>
internal readonly record struct Finding(Verdict Verdict, string Found)
{
    /// <summary>Met or failed.</summary>
    public static Finding If(bool isMet, string found) => new(isMet ? Verdict.Met : Verdict.Failed, found);
}

/// <summary>An expectation and what came of it, as results keep it.</summary>
internal sealed record Outcome(string Key, string Wanted, Verdict Verdict, string Found);
