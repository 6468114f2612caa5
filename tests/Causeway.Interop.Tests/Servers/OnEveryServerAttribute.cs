using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Causeway.Interop.Tests.Servers;

/// <summary>One row of a theory for each server: the server's kind, then the given arguments.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnEveryServerAttribute(params object?[] arguments) : DataAttribute
{
    /// <summary>Limits the run to some servers while developing, for example <c>nats-server</c>.</summary>
    private const string SelectionVariable = "CAUSEWAY_INTEROP_SERVERS";

    private static readonly Dictionary<string, ServerKind> KindsByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["nats-server"] = ServerKind.NatsServer,
        ["causeway"] = ServerKind.Causeway,
    };

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        ITheoryDataRow[] rows = [.. SelectedKinds().Select(kind => new TheoryDataRow([kind, .. arguments]))];
        return ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(rows);
    }

    public override bool SupportsDiscoveryEnumeration() => true;

    private static IEnumerable<ServerKind> SelectedKinds()
    {
        string? selection = Environment.GetEnvironmentVariable(SelectionVariable);
        if (string.IsNullOrWhiteSpace(selection))
        {
            return KindsByName.Values;
        }

        return selection
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(name => KindsByName.TryGetValue(name, out ServerKind kind)
                ? kind
                : throw new InvalidOperationException(
                    $"{SelectionVariable} names the unknown server '{name}'; known: {string.Join(", ", KindsByName.Keys)}."));
    }
}
