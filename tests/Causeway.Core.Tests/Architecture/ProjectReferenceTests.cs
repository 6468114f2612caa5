using System.Xml.Linq;
using Causeway.Core.Tests.Tidy;
using Xunit;

namespace Causeway.Core.Tests.Architecture;

/// <summary>The arrows between the projects, as their project files have them.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Causeway.Core"] = [],
        ["Causeway.Alerting"] = ["Causeway.Core"],
        ["Causeway.Bus"] = ["Causeway.Alerting", "Causeway.Core"],
        ["Causeway.Client"] = ["Causeway.Core"],
        ["Causeway.Director"] = ["Causeway.Alerting", "Causeway.Client", "Causeway.Core"],
        ["Causeway.Shaper"] = [],
        ["Causeway.Drill"] = ["Causeway.Client", "Causeway.Core", "Causeway.Shaper"],
        ["Causeway.Cli"] = ["Causeway.Bus", "Causeway.Client", "Causeway.Director", "Causeway.Drill"],
    };

    public static TheoryData<string> Projects => [.. Arrows.Keys];

    [Fact]
    public void Each_project_of_the_product_has_its_arrows_here()
    {
        string[] known = [.. SourceTree.Files("*.csproj").Where(path => path.StartsWith("src/", StringComparison.Ordinal)).Select(Path.GetFileNameWithoutExtension)!];
        Assert.Equal(known.Order(StringComparer.Ordinal), Arrows.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_it_may(string project)
    {
        IEnumerable<string> references = Items(project, "ProjectReference").Select(item => Path.GetFileNameWithoutExtension(Include(item)));
        Assert.Empty(references.Except(Arrows[project]));
    }

    /// <summary>Core could run anywhere: it brings no package along, only analyzers that stay behind.</summary>
    [Fact]
    public void Core_references_nothing()
    {
        Assert.Empty(Items("Causeway.Core", "ProjectReference"));
        Assert.Empty(Items("Causeway.Core", "FrameworkReference"));
        Assert.All(Items("Causeway.Core", "PackageReference"), item =>
        {
            Assert.EndsWith("Analyzers", Include(item), StringComparison.Ordinal);
            Assert.Equal("all", item.Attribute("PrivateAssets")?.Value);
        });
    }

    /// <summary>Test projects see the product, the product does not see tests; and bench has no way into tests either.</summary>
    [Fact]
    public void Nothing_references_tests()
    {
        foreach (string path in SourceTree.Files("*.csproj").Where(path => !path.StartsWith("tests/", StringComparison.Ordinal)))
        {
            string text = File.ReadAllText(Path.Combine(SourceTree.Root, path));
            Assert.DoesNotContain("tests/", text.Replace('\\', '/'), StringComparison.Ordinal);
        }
    }

    private static string Include(XElement item) => item.Attribute("Include")!.Value.Replace('\\', '/');

    private static IEnumerable<XElement> Items(string project, string kind) =>
        XDocument.Load(Path.Combine(SourceTree.Root, "src", project, project + ".csproj")).Descendants(kind);
}
