using Xunit;

namespace Causeway.Core.Tests.Tidy;

/// <summary>The tidy tests see what there is: a rule that finds nothing because it is blind would be worse than none.</summary>
public sealed class SourceFileTests
{
    private const string Example = """"
        // first
        namespace A.B;

        /// <summary>class Not { }</summary>
        public sealed class One<T>
            where T : class
        {
            private const string Text = "{ class Fake { /* no comment */ // neither";
            private readonly string _path = @"c:\{""";
            private readonly string _raw = """{ "class Raw { }" }""";

            public int Property { get; } = '{';

            public string Method(int value)
            {
                /* block { */
                return $"{{{(value > 0 ? "{" : $"{value}}}")}";
            }

            private enum Inner
            {
                First,
            }
        }

        internal sealed record Two(int Value);

        internal readonly record struct Three(int Value)
        {
            public int Double => Value * 2;
        }
        """";

    [Fact]
    public void Types_and_members_are_found_with_their_lines()
    {
        SourceFile file = SourceFile.Of(Example);
        Assert.Equal("A.B", file.Namespace);
        Assert.Equal(
            ["One 5-24", "Two 26-26", "Three 28-31"],
            file.Declarations.Where(d => d.IsTopLevel).Select(d => $"{d.Name} {d.FirstLine}-{d.FirstLine + d.Lines - 1}"));
        Assert.Equal(["Inner"], file.Declarations.Where(d => d.IsType && !d.IsTopLevel).Select(d => d.Name));
        Assert.Contains(file.Declarations, d => !d.IsType && d is { Name: "Method", FirstLine: 14, Lines: 5 });
    }

    [Fact]
    public void Comments_are_told_from_strings()
    {
        SourceFile file = SourceFile.Of(Example);
        Assert.Equal([(1, "// first"), (16, "/* block { */")], file.Comments);
        Assert.DoesNotContain("Fake", file.Code);
        Assert.DoesNotContain("Raw", file.Code);
        Assert.Contains("value > 0", file.Code);
    }

    [Fact]
    public void The_repository_is_there()
    {
        Assert.Contains(SourceTree.CSharp, file => file.Path == "src/Causeway.Core/Limits.cs");
        Assert.Contains(SourceTree.CSharp, file => file.Path.EndsWith("/Tidy/SourceFileTests.cs", StringComparison.Ordinal));
        Assert.True(SourceTree.CSharp.Count > 100);
        SourceFile limits = SourceTree.CSharp.Single(file => file.Path == "src/Causeway.Core/Limits.cs");
        Assert.Contains(limits.Declarations, d => d is { Name: "Validate", IsType: false } && d.Lines is > 30 and < 100);
    }
}
