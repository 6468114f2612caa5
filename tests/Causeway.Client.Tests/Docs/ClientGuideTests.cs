using Causeway.Tests.Support.Servers;
using Xunit;

namespace Causeway.Client.Tests.Docs;

/// <summary>What docs/client.md shows is code that compiles.</summary>
public sealed class ClientGuideTests
{
    [Theory]
    [InlineData("docs/client.md", 14)]
    [InlineData("src/Causeway.Client/README.md", 2)]
    public void Each_snippet_stands_in_code_that_is_compiled(string page, int count)
    {
        string root = Path.GetFullPath(TestServer.CausewayProgram).Split("src/Causeway.Cli")[0];
        string[] sources =
        [
            Read(Path.Combine(root, "tests/Causeway.Client.Tests/Docs/ClientSnippets.cs")),
            .. Directory.GetFiles(Path.Combine(root, "samples"), "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).Select(Read),
        ];
        string[] snippets = [.. File.ReadAllText(Path.Combine(root, page)).Split("```csharp\n")[1..].Select(part => Normal(part.Split("```")[0]))];
        Assert.Equal(count, snippets.Length);
        Assert.All(snippets, snippet => Assert.True(sources.Any(source => source.Contains(snippet, StringComparison.Ordinal)), $"compiled nowhere:\n{snippet}"));
    }

    private static string Read(string path) => Normal(File.ReadAllText(path));

    private static string Normal(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
}
