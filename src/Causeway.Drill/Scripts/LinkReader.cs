using Causeway.Shaper;

namespace Causeway.Drill.Scripts;

/// <summary>Reads links and their conditions.</summary>
internal sealed class LinkReader(string file, IReadOnlyList<string> regions)
{
    /// <summary>What stands where a link and its conditions are expected, for error lines.</summary>
    public const string Accepted = "between: [one region, another] or from and to, with latency, jitter, rate, queue";

    private static readonly ValueKind<TimeSpan> Latency = new(
        "a time such as 100ms, up to 1m",
        (text, out value) => ScriptText.TryTime(text, out value) && value <= TimeSpan.FromMinutes(1));

    private static readonly ValueKind<long> Queue = new(
        "bytes from 1 to 16MiB",
        (text, out value) => ScriptText.TryBytes(text, out value) && value is >= 1 and <= 16 << 20);

    /// <summary>The link that a section names by <c>between</c>, or by <c>from</c> and <c>to</c> for one way of it.</summary>
    public LinkChoice Link(ScriptSection section)
    {
        bool isOneWay = section.Keys.Any(key => key is "from" or "to");
        IReadOnlyList<string> ends = isOneWay
            ? [section.Required("from", ValueKinds.OneOf(regions)), section.Required("to", ValueKinds.OneOf(regions))]
            : section.List("between", ValueKinds.OneOf(regions), 2, 2);
        return ends[0] != ends[1]
            ? new LinkChoice(ends[0], ends[1], isOneWay)
            : throw section.Wrong(isOneWay ? "to" : "between", $"'{ends[0]}' has no link to itself", "two regions");
    }

    /// <summary>The link that a list of two regions names.</summary>
    public LinkChoice Link(ScriptNode node, string path)
    {
        if (node is not ScriptList { Items.Count: 2 } list)
        {
            throw new ScriptException(file, node.Line, path, $"is {node.Kind}", "a list of two regions such as [a, b]");
        }

        string[] ends = [.. list.Items.Select((item, i) => ScriptSection.ValueOf(file, item, $"{path}[{i + 1}]", ValueKinds.OneOf(regions)))];
        return ends[0] != ends[1]
            ? new LinkChoice(ends[0], ends[1])
            : throw new ScriptException(file, node.Line, path, $"'{ends[0]}' has no link to itself", "two regions");
    }

    /// <summary>The link and its conditions; what is not named is as on a link that only passes bytes on.</summary>
    public (LinkChoice Link, LinkConditions Conditions) Conditions(ScriptSection section)
    {
        LinkConditions plain = new();
        LinkChoice link = Link(section);
        LinkConditions conditions = new()
        {
            Latency = section.Or("latency", Latency, plain.Latency),
            Jitter = section.Or("jitter", Latency, plain.Jitter),
            BytesPerSecond = section.Optional("rate", ValueKinds.ByteRate),
            QueueBytes = (int)section.Or("queue", Queue, plain.QueueBytes),
        };
        section.End();
        return (link, conditions);
    }
}
