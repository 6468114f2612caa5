namespace Causeway.Drill.Deployments;

/// <summary>
/// What a process that may hold so much memory makes of it. A container tells its limit to what runs in it; here nothing but the
/// deployment knows it, so it is told to the runtime by the variable that stands for the machine's memory. From there on a node decides as it
/// does in a container: .NET gives its heap three quarters, and the node's budget is three quarters of that. Go asks nobody, as in a
/// container without GOMEMLIMIT.
/// </summary>
internal static class NodeMemory
{
    /// <summary>Tells .NET's collector how much memory the machine has, in hexadecimal (.NET's <c>gcconfig.h</c>).</summary>
    public const string Variable = "DOTNET_GCTotalPhysicalMemory";

    /// <summary>The budget that a node takes by default where its process may hold <paramref name="limitBytes"/>.</summary>
    public static long BudgetBytes(long limitBytes) => limitBytes / 4 * 3 / 4 * 3;
}
