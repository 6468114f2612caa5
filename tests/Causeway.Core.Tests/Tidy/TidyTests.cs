using System.Text.RegularExpressions;
using Xunit;

namespace Causeway.Core.Tests.Tidy;

/// <summary>
/// Style that a compiler does not see, over src, tests and bench. Each test tells all that is wrong at once. Who is excepted from a
/// rule stands in its list by name and with the reason.
/// </summary>
public sealed partial class TidyTests
{
    private const int MostFileLines = 400;
    private const int MostMemberLines = 70;
    private const int MostSideTypeLines = 40;

    private static readonly Dictionary<string, string> Waits = new()
    {
        ["tests/Support/Eventually.cs"] = "asks again until a condition holds, up to a deadline",
        ["tests/Support/Servers/TestServer.cs"] = "asks again until another process listens, up to a deadline",
        ["tests/Causeway.Interop.Tests/Servers/ServerProcess.cs"] = "asks again until another process listens, up to a deadline",
        ["tests/Causeway.Bus.Tests/Connections/MaxConnectionsTests.cs"] = "tries again until there is room, up to a deadline",
        ["tests/Causeway.Bus.Tests/Connections/ConnectFloodTests.cs"] = "keeps a rate of connections, which is real time",
        ["tests/Causeway.Bus.Tests/Connections/LivenessTests.cs"] = "paces a client against the node's ping interval, which is real time",
        ["tests/Causeway.Bus.Tests/SlowConsumers/SlowConsumerTests.cs"] = "paces a reader so that it is slow",
        ["tests/Causeway.Bus.Tests/Support/ControlPair.cs"] = "paces a pair of clients that runs beside the test",
        ["tests/Causeway.Bus.Tests/Support/Metronome.cs"] = "is a clock that counts its own sleeps",
        ["tests/Causeway.Interop.Tests/Raw/KeepAliveTests.cs"] = "paces a client against a server's ping interval, which is real time",
    };

    // Put together here, or this file would be the first to be found.
    private static readonly string[] Postponements = ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "X" + "XX"];
    private static readonly string[] MachinePaths = ["/" + "tmp/", "/" + "home/", "/" + "root/", "/" + "work/", "/" + "Users/", @"C:" + @"\"];

    [Fact]
    public void Files_are_short() => AssertNone(SourceTree.CSharp
        .Where(file => file.LineCount > MostFileLines)
        .Select(file => $"{file.Path}: {file.LineCount} lines"));

    [Fact]
    public void Members_are_short() => AssertNone(
        from file in SourceTree.CSharp
        from member in file.Declarations
        where !member.IsType && member.Lines > MostMemberLines
        select $"{file.Path}({member.FirstLine}): {member.Name} has {member.Lines} lines");

    [Fact]
    public void Nothing_is_postponed_in_a_comment() => AssertNone(
        from path in SourceTree.Files("*.*")
        where IsText(path)
        from line in Lines(path)
        where Postponements.Any(word => Regex.IsMatch(line.Text, $@"\b{word}\b"))
        select $"{path}({line.Number}): {line.Text.Trim()}");

    [Fact]
    public void No_path_of_a_machine_is_named() => AssertNone(
        from path in SourceTree.Files("*.*")
        where IsText(path)
        from line in Lines(path)
        where MachinePaths.Any(machine => line.Text.Contains(machine, StringComparison.Ordinal))
        select $"{path}({line.Number}): {line.Text.Trim()}");

    [Fact]
    public void Types_say_what_they_are() => AssertNone(
        from file in SourceTree.CSharp
        from type in file.Declarations
        where type.IsType && VagueName().IsMatch(type.Name)
        select $"{file.Path}({type.FirstLine}): {type.Name}");

    [Fact]
    public void A_file_has_one_main_type_and_its_name() => AssertNone(
        from file in SourceTree.CSharp
        let types = file.Declarations.Where(declaration => declaration.IsTopLevel).ToList()
        where types.Count > 0
        let side = types.Where(type => type.Name != file.Name).ToList()
        where side.Count == types.Count || side.Exists(type => type.Lines > MostSideTypeLines)
        select $"{file.Path}: {string.Join(", ", types.Select(type => $"{type.Name} with {type.Lines} lines"))}");

    [Fact]
    public void Namespaces_follow_folders() => AssertNone(
        from file in SourceTree.CSharp
        where file.Namespace is not null && file.Namespace != ExpectedNamespace(file.Path)
        select $"{file.Path}: {file.Namespace}, not {ExpectedNamespace(file.Path)}");

    [Fact]
    public void No_code_is_commented_out() => AssertNone(
        from file in SourceTree.CSharp
        from comment in file.Comments
        where CodeLine().IsMatch(comment.Text)
        select $"{file.Path}({comment.Line}): {comment.Text.Trim()}");

    [Theory]
    [InlineData("// return value;", true)]
    [InlineData("// if (value > 0)", true)]
    [InlineData("// }", true)]
    [InlineData("//var x = Method(1);", true)]
    [InlineData("// A sentence about return values.", false)]
    [InlineData("// if it is so (as it was), it stays", false)]
    public void Commented_out_code_is_told_from_words(string comment, bool isCode) => Assert.Equal(isCode, CodeLine().IsMatch(comment));

    [Fact]
    public void Tests_wait_for_events_and_not_for_time() => AssertNone(
        from file in SourceTree.CSharp
        where file.Path.StartsWith("tests/", StringComparison.Ordinal) && !Waits.ContainsKey(file.Path)
        from Match wait in Wait().Matches(file.Code)
        select $"{file.Path}({file.LineOf(wait.Index)}): {wait.Value}");

    [Fact]
    public void Exceptions_are_needed_still()
    {
        Dictionary<string, SourceFile> files = SourceTree.CSharp.ToDictionary(file => file.Path);
        AssertNone(Waits.Keys.Where(path => !files.TryGetValue(path, out SourceFile? file) || !Wait().IsMatch(file.Code)));
    }

    [GeneratedRegex("(?:Manager|Helpers?|Utils?|Utilities|Misc|Common)$")]
    private static partial Regex VagueName();

    [GeneratedRegex(@"^//\s*(?:.*[;{}]|(?:if|for|foreach|while|return|var|await|using|public|private|internal)\b.*\))\s*$")]
    private static partial Regex CodeLine();

    [GeneratedRegex(@"\b(?:Thread\.Sleep|Task\.Delay|SpinWait\.SpinUntil)\b")]
    private static partial Regex Wait();

    private static void AssertNone(IEnumerable<string> violations)
    {
        List<string> all = [.. violations];
        Assert.True(all.Count == 0, $"{all.Count} found:\n{string.Join('\n', all)}");
    }

    private static bool IsText(string path) =>
        Path.GetExtension(path) is ".cs" or ".csproj" or ".props" or ".targets" or ".mjs" or ".js" or ".c" or ".h" or ".sh" or ".json" or ".txt" or ".md"
        && Path.GetFileName(path) is not ("packages.lock.json" or "package-lock.json");

    private static IEnumerable<(int Number, string Text)> Lines(string path) =>
        File.ReadLines(Path.Combine(SourceTree.Root, path)).Select((text, i) => (i + 1, text));

    /// <summary>The project's name and the folders beneath it; what tests share lies in no project.</summary>
    private static string ExpectedNamespace(string path)
    {
        string[] folders = path.Split('/')[1..^1];
        return string.Join('.', folders[0] == "Support" ? ["Causeway", "Tests", .. folders] : folders);
    }
}
