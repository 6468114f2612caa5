using System.Text;
using Causeway.Bus.Configuration.Syntax;
using CsCheck;
using Xunit;

namespace Causeway.Bus.Tests.Configuration;

/// <summary>Whatever is written comes back; whatever is not right is refused with a place, and with nothing else.</summary>
public sealed class ConfigurationFuzzTests
{
    private static readonly Gen<string> Key = Gen.Char["abcdefghijklmnopqrstuvwxyz_"].Array[1, 12].Select(characters => new string(characters));

    private static readonly Gen<string> Scalar = Gen.OneOf(
        Gen.Long.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.Char[' ', '~'].Array[0, 20].Select(characters => Quote(new string(characters))),
        Gen.Bool.Select(isOn => isOn ? "true" : "false"));

    private static readonly Gen<string> Value = Gen.Recursive<string>((depth, inner) => depth >= 4 ? Scalar : Gen.OneOf(
        Scalar,
        inner.Array[0, 4].Select(items => "[" + string.Join(", ", items) + "]"),
        Gen.Select(Key, inner).Array[0, 4].Select(entries => "{" + string.Join("\n", entries.DistinctBy(entry => entry.Item1).Select(entry => $"{entry.Item1}: {entry.Item2}")) + "}")));

    [Fact]
    public void What_is_written_comes_back() => Gen.Select(Key, Value).Array[0, 6].Sample(entries =>
    {
        (string, string)[] distinct = [.. entries.DistinctBy(entry => entry.Item1)];
        string text = string.Join('\n', distinct.Select(entry => $"{entry.Item1} = {entry.Item2}"));
        ConfigurationBlock block = Parse(text);
        string again = string.Join('\n', block.Entries.Select(entry => $"{entry.Key} = {Write(entry.Value)}"));
        return text == again;
    });

    [Fact]
    public void Any_text_is_read_or_refused_with_a_place() => Gen.OneOf(
        Gen.Char["ab:= {}[]()\"'\\#/,;$\n\t0123456789km"].Array[0, 60].Select(characters => new string(characters)),
        Gen.Select(Value, Gen.Int[0, 200], Gen.Char).Select((value, at, character) => value.Length == 0 ? value : value.Insert(at % value.Length, character.ToString())))
        .Sample(
            text =>
            {
                try
                {
                    Parse("v: " + text);
                }
                catch (ConfigurationException fault)
                {
                    Assert.StartsWith("f:", fault.Message, StringComparison.Ordinal);
                    Assert.InRange(fault.Place.Line, 1, text.Count(c => c == '\n') + 1);
                }
            },
            iter: 100_000);

    private static ConfigurationBlock Parse(string text) => new ConfigurationParser(_ => throw new IOException("there are no files"), _ => null).Parse("f", text);

    private static string Quote(string text) => new StringBuilder("\"").Append(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"').ToString();

    private static string Write(ConfigurationValue value) => value switch
    {
        ConfigurationText text => Quote(text.Text),
        ConfigurationInteger number => number.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ConfigurationSwitch state => state.IsOn ? "true" : "false",
        ConfigurationList list => "[" + string.Join(", ", list.Items.Select(Write)) + "]",
        ConfigurationBlock block => "{" + string.Join("\n", block.Entries.Select(entry => $"{entry.Key}: {Write(entry.Value)}")) + "}",
        _ => throw new InvalidOperationException(value.Kind),
    };
}
