namespace Causeway.Core.Health;

/// <summary>One thing that can be the matter: it holds once enough looks in a row have found it, and until enough have not.</summary>
internal sealed class HealthCondition(string code, HealthStatus makes, int looksToHold, int looksToClear, Func<HealthEvidence, string?> find)
{
    private int _streak;
    private string _text = "";

    /// <summary>True while it holds.</summary>
    public bool Holds { get; private set; }

    /// <summary>The reason that it is while it holds.</summary>
    public HealthReason Reason => new(code, makes, _text);

    /// <summary>Takes note of a look.</summary>
    public void Look(HealthEvidence evidence)
    {
        string? found = find(evidence);
        _text = found ?? _text;
        bool differs = found is not null != Holds;
        _streak = differs ? _streak + 1 : 0;
        if (differs && _streak >= (Holds ? looksToClear : looksToHold))
        {
            Holds = !Holds;
            _streak = 0;
        }
    }
}
