using System.Reflection;
using System.Text.RegularExpressions;
using Causeway.Core.Tests.Tidy;
using Xunit;

namespace Causeway.Core.Tests.Architecture;

/// <summary>What the built Core needs and shows.</summary>
public sealed partial class CoreAssemblyTests
{
    private static readonly Assembly Core = typeof(Limits).Assembly;

    [Fact]
    public void It_is_sans_io()
    {
        string[] banned = ["System.Net", "System.Threading.Timer", "System.IO.Pipes", "System.Diagnostics.Process", "Microsoft."];
        IEnumerable<string> needed = Core.GetReferencedAssemblies().Select(name => name.Name!);
        Assert.DoesNotContain(needed, name => banned.Any(start => name.StartsWith(start, StringComparison.Ordinal)));
    }

    /// <summary>The compiler only lists assemblies, and the clock lives in one that everybody needs: so the sources are asked as well.</summary>
    [Fact]
    public void It_has_no_clock_no_thread_and_no_dice_of_its_own()
    {
        IEnumerable<string> found =
            from file in SourceTree.CSharp
            where file.Path.StartsWith("src/Causeway.Core/", StringComparison.Ordinal)
            from Match match in OwnWorld().Matches(file.Code)
            select $"{file.Path}({file.LineOf(match.Index)}): {match.Value}";
        Assert.Empty(found);
    }

    [Fact]
    public void Every_type_lives_in_one_of_its_namespaces_and_is_sealed_or_static()
    {
        Type[] types = [.. Core.GetTypes().Where(type => !type.IsNested && type.Namespace?.StartsWith("Causeway", StringComparison.Ordinal) == true)];
        Assert.NotEmpty(types);
        Assert.DoesNotContain(types, type => type.Namespace != "Causeway.Core" && !type.Namespace!.StartsWith("Causeway.Core.", StringComparison.Ordinal));
        Assert.DoesNotContain(types, type => type.IsClass && !type.IsSealed && !type.IsAbstract);
    }

    /// <summary>Only these tests look inside.</summary>
    [Fact]
    public void Its_inside_is_open_to_its_own_tests_alone()
    {
        IEnumerable<string> friends = Core.GetCustomAttributes<System.Runtime.CompilerServices.InternalsVisibleToAttribute>().Select(friend => friend.AssemblyName);
        Assert.Equal(["Causeway.Core.Tests"], friends);
    }

    /// <summary>Routing knows clients, and clients know routing; what lies beneath them knows neither.</summary>
    [Theory]
    [InlineData("Memory", "Subjects", "Protocol", "Delivery", "Subscriptions", "Routing", "Clients")]
    [InlineData("Subjects", "Memory", "Protocol", "Delivery", "Subscriptions", "Routing", "Clients")]
    [InlineData("Protocol", "Memory", "Subjects", "Delivery", "Subscriptions", "Routing", "Clients")]
    [InlineData("Delivery", "Subjects", "Protocol", "Subscriptions", "Routing", "Clients")]
    public void The_lower_folders_do_not_know_the_upper_ones(string folder, params string[] unknown)
    {
        IEnumerable<string> found =
            from file in SourceTree.CSharp
            where file.Path.StartsWith($"src/Causeway.Core/{folder}/", StringComparison.Ordinal)
            from name in unknown
            where file.Code.Contains($"using Causeway.Core.{name};", StringComparison.Ordinal)
            select $"{file.Path} uses {name}";
        Assert.Empty(found);
    }

    [GeneratedRegex(@"\b(?:DateTime(?:Offset)?\.(?:Utc)?Now|Environment\.TickCount(?:64)?|Stopwatch\.|Random\.Shared|new Thread\(|Task\.(?:Run|Factory|Delay)|ThreadPool\.|Console\.|File\.)")]
    private static partial Regex OwnWorld();
}
