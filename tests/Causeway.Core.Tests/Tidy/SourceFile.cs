using System.Text.RegularExpressions;

namespace Causeway.Core.Tests.Tidy;

/// <summary>A type or member of a source file and the lines that it takes.</summary>
internal sealed record Declaration(string Name, bool IsType, bool IsTopLevel, int FirstLine, int Lines);

/// <summary>One C# file as the tidy tests look at it: counted and searched, not compiled.</summary>
internal sealed partial class SourceFile
{
    private static readonly char[] Marks = [';', '{', '}'];

    public SourceFile(string path, string text)
    {
        Path = path;
        Text = text;
        LineCount = text.Count(c => c == '\n');
        (Code, List<(int At, string Text)> comments) = CodeText.Read(text);
        Comments = [.. comments.Select(comment => (LineOf(comment.At), comment.Text))];
        Namespace = NamespaceLine().Match(Code) is { Success: true } match ? match.Groups[1].Value : null;
        Declarations = FindDeclarations();
    }

    /// <summary>The path from the repository's root, with slashes.</summary>
    public string Path { get; }

    public string Text { get; }

    /// <summary>The text without comments and strings.</summary>
    public string Code { get; }

    public int LineCount { get; }

    public string? Namespace { get; }

    public IReadOnlyList<(int Line, string Text)> Comments { get; }

    public IReadOnlyList<Declaration> Declarations { get; }

    /// <summary>The file's name without what follows its first dot.</summary>
    public string Name => System.IO.Path.GetFileName(Path).Split('.')[0];

    /// <summary>The file that is this text under a made-up name.</summary>
    public static SourceFile Of(string text, string path = "src/Example/Example.cs") => new(path, text);

    public int LineOf(int at) => Text.AsSpan(0, at).Count('\n') + 1;

    [GeneratedRegex(@"^\s*namespace\s+([\w.]+)\s*[;{]", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"\b(?:class|struct|interface|enum|record|delegate\s+[\w<>\[\]?]+)\s+(?!class\b|struct\b)(\w+)")]
    private static partial Regex TypeHeader();

    [GeneratedRegex(@"([\w.<>]+)\s*(?:\(|=>|=|$)")]
    private static partial Regex MemberHeader();

    /// <summary>Follows the braces: a block whose header names a type is a type, any other right inside a type is a member.</summary>
    private List<Declaration> FindDeclarations()
    {
        List<Declaration> found = [];
        Stack<Block> open = new();
        int headerAt = 0;
        for (int at = Code.IndexOfAny(Marks); at >= 0; at = Code.IndexOfAny(Marks, at + 1))
        {
            string header = Code[headerAt..at].Trim();
            if (Code[at] == '{')
            {
                bool inType = open.Count > 0 && open.Peek().IsType;
                bool isType = (inType || IsTop(open)) && TypeHeader().IsMatch(header);
                open.Push(new Block(header, isType, inType && !isType, headerAt));
            }
            else if (Code[at] == '}' && open.TryPop(out Block? block))
            {
                AddIfDeclared(block, at, IsTop(open), found);
            }
            else if (IsTop(open) && TypeHeader().IsMatch(header))
            {
                AddIfDeclared(new Block(header, true, false, headerAt), at, true, found);
            }

            headerAt = at + 1;
        }

        return found;
    }

    private static bool IsTop(Stack<Block> open) => open.All(block => block.Header.Contains("namespace ", StringComparison.Ordinal));

    private void AddIfDeclared(Block block, int end, bool isTop, List<Declaration> found)
    {
        if (block.IsType || block.IsMember)
        {
            string name = (block.IsType ? TypeHeader() : MemberHeader()).Match(block.Header).Groups[1].Value;
            int start = StartOf(block.At);
            found.Add(new Declaration(name, block.IsType, block.IsType && isTop, LineOf(start), LineOf(end) - LineOf(start) + 1));
        }
    }

    private int StartOf(int headerAt)
    {
        while (headerAt < Code.Length && char.IsWhiteSpace(Code[headerAt]))
        {
            headerAt++;
        }

        return headerAt;
    }

    private sealed record Block(string Header, bool IsType, bool IsMember, int At);
}
