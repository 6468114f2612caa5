using Causeway.Drill.Scripts;

namespace Causeway.Drill.Expectations;

/// <summary>Reads what a script expects: a word, or a word with what it needs.</summary>
internal sealed class ExpectationReader(string file, IReadOnlyList<string> regions)
{
    private const string Words = "no-deaths, memory-within-budget, no-disorder, failover-within-budget";

    private const string Keys =
        "local-lost, remote-lost, calls-failed, converged-within, clients-back-within, alarm, slow-consumers-closed, limit-raised-live, scaled-out";

    /// <summary>What is accepted, for error lines.</summary>
    public static string Accepted => $"each one of {Words}, or one of {Keys} with its value";

    /// <summary>One expectation.</summary>
    public Expectation Read(ScriptNode node, string path)
    {
        if (node is ScriptScalar word)
        {
            return word.Text switch
            {
                "no-deaths" => new NoDeaths(),
                "memory-within-budget" => new MemoryWithinBudget(),
                "no-disorder" => new NoDisorder(),
                "failover-within-budget" => new FailoverWithinBudget(),
                _ => throw new ScriptException(file, word.Line, path, $"{word.Kind} is not an expectation by itself", Accepted),
            };
        }

        ScriptSection section = ScriptSection.Of(file, node, path, Accepted);
        string[] keys = [.. section.Keys];
        Expectation expectation = keys is [{ } key] ? Keyed(section, key) : throw new ScriptException(file, node.Line, path, $"has {keys.Length} keys", Accepted);
        section.End();
        return expectation;
    }

    private Expectation Keyed(ScriptSection section, string key) => key switch
    {
        "local-lost" => new MessagesLost(IsLocal: true, section.Required(key, ValueKinds.Whole(0, int.MaxValue))),
        "remote-lost" => new MessagesLost(IsLocal: false, section.Required(key, ValueKinds.Whole(0, int.MaxValue))),
        "calls-failed" => new CallsFailed(section.Required(key, ValueKinds.Share)),
        "converged-within" => new ConvergedWithin(section.Required(key, ValueKinds.PositiveTime)),
        "clients-back-within" => new ClientsBackWithin(section.Required(key, ValueKinds.PositiveTime)),
        "slow-consumers-closed" => new SlowConsumersClosed(section.Required(key, ValueKinds.Whole(1, int.MaxValue))),
        "limit-raised-live" => new LimitRaisedLive(section.Required(key, ValueKinds.OneOf(regions))),
        "scaled-out" => new ScaledOut(section.Required(key, ValueKinds.OneOf(regions))),
        "alarm" => Alarm(section.Section(key, "rule, and where wanted region, cause-contains, by, before-exhaustion")!),
        _ => throw section.Wrong(ScriptText.Shown(key), "is not an expectation", Accepted),
    };

    private AlarmOpened Alarm(ScriptSection section)
    {
        AlarmOpened alarm = new(section.Required("rule", ValueKinds.Rule))
        {
            CauseContains = section.OptionalText("cause-contains", ValueKinds.Text) ?? "",
            Region = section.OptionalText("region", ValueKinds.OneOf(regions)),
            By = section.Optional("by", ValueKinds.Time),
            BeforeExhaustion = section.Optional("before-exhaustion", ValueKinds.PositiveTime),
        };
        section.End();
        return alarm;
    }
}
