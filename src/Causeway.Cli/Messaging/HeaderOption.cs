using System.CommandLine;
using System.CommandLine.Parsing;
using Causeway.Client;

namespace Causeway.Cli.Messaging;

/// <summary>The repeatable option <c>-H name:value</c>.</summary>
internal static class HeaderOption
{
    private const string Name = "--header";

    /// <summary>Creates the option; its value is null where it is absent.</summary>
    public static Option<MessageHeaders?> Create() =>
        new(Name, "-H")
        {
            Description = "A header as name:value; may be repeated",
            HelpName = "name:value",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = Read,
        };

    private static MessageHeaders? Read(ArgumentResult result)
    {
        MessageHeaders headers = [];
        foreach (Token token in result.Tokens)
        {
            string text = token.Value;
            int colon = text.IndexOf(':', StringComparison.Ordinal);
            string name = colon < 0 ? text : text[..colon];
            string value = colon < 0 ? string.Empty : text[(colon + 1)..].Trim(' ', '\t');
            string? problem = colon < 0 ? "has no colon"
                : MessageHeaders.NameProblem(name) is { } badName ? $"has a name that {badName}"
                : MessageHeaders.ValueProblem(value) is { } badValue ? $"has a value that {badValue}"
                : null;
            if (problem is not null)
            {
                result.AddError($"{Name}: '{text}' {problem}; accepted is name:value");
                return null;
            }

            headers.Add(name, value);
        }

        return headers;
    }
}
