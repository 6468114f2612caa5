using System.Globalization;

namespace Causeway.Bus.Configuration.Syntax;

/// <summary>Takes values as what a key needs. Whatever is of another kind is refused with its place, and never shown: it may be a secret.</summary>
public static class ConfigurationReading
{
    /// <summary>The value as text; numbers and switches as they were written.</summary>
    public static string AsText(this ConfigurationEntry entry) => TextOf(entry.Value) ?? throw entry.Refuse("a text");

    /// <summary>The value as text; null if it is a list or a block.</summary>
    public static string? TextOf(ConfigurationValue value) => value switch
    {
        ConfigurationText text => text.Text,
        ConfigurationInteger number => number.Written,
        ConfigurationFraction number => number.Written,
        ConfigurationSwitch flag => flag.Written,
        _ => null,
    };

    /// <summary>The value as a whole number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static long AsInteger(this ConfigurationEntry entry, long least, long most) =>
        entry.Value is ConfigurationInteger { Number: long number } && number >= least && number <= most
            ? number
            : throw entry.Refuse(string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));

    /// <summary>The value as a switch.</summary>
    public static bool AsSwitch(this ConfigurationEntry entry) =>
        entry.Value is ConfigurationSwitch flag ? flag.IsOn : throw entry.Refuse("true or false");

    /// <summary>The value as a block.</summary>
    public static ConfigurationBlock AsBlock(this ConfigurationEntry entry) =>
        entry.Value as ConfigurationBlock ?? throw entry.Refuse("a block in braces");

    /// <summary>The value as a list.</summary>
    public static ConfigurationList AsList(this ConfigurationEntry entry) =>
        entry.Value as ConfigurationList ?? throw entry.Refuse("a list in brackets");

    /// <summary>The value as one text or a list of texts.</summary>
    public static IReadOnlyList<string> AsTexts(this ConfigurationEntry entry) => entry.Value is ConfigurationList list
        ? [.. list.Items.Select(item => TextOf(item) ?? throw entry.Refuse("a text or a list of texts"))]
        : [TextOf(entry.Value) ?? throw entry.Refuse("a text or a list of texts")];

    /// <summary>The value as a length of time: a number of seconds, or a text such as <c>500ms</c> or <c>1m30s</c>.</summary>
    public static TimeSpan AsTime(this ConfigurationEntry entry, Func<string, TimeSpan?> read) => entry.Value switch
    {
        ConfigurationInteger { Number: >= 0 and <= int.MaxValue and long seconds } => TimeSpan.FromSeconds(seconds),
        ConfigurationFraction { Number: >= 0 and <= int.MaxValue and double seconds } => TimeSpan.FromSeconds(seconds),
        ConfigurationText text when read(text.Text) is { } time => time,
        _ => throw entry.Refuse("a number of seconds, or a time such as 500ms or 1m30s"),
    };

    /// <summary>The error for a value that is not what is accepted.</summary>
    public static ConfigurationException Refuse(this ConfigurationEntry entry, string accepted) =>
        new(entry.Value.Place, $"{NameOf(entry.Key)} is {entry.Value.Kind} that can't be taken; accepted is {accepted}");

    /// <summary>The error for a key that is not known.</summary>
    public static ConfigurationException Unknown(this ConfigurationEntry entry, params IEnumerable<string> accepted) =>
        new(entry.Place, $"{NameOf(entry.Key)} is not known here; accepted are {string.Join(", ", accepted)}") { IsUnknownKey = true };

    /// <summary>A key as errors show it. What is no word of letters is not shown: it may be the rest of a password with a blank in it, without quotes.</summary>
    internal static string NameOf(string key) => key.All(c => char.IsAsciiLetter(c) || c is '_' or '-') ? $"'{key}'" : "what stands as a key";
}
