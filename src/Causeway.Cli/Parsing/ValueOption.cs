using System.CommandLine;
using System.CommandLine.Parsing;

namespace Causeway.Cli.Parsing;

/// <summary>Builds command-line options over <see cref="IValueText{T}"/> values: typed, range-checked, with a default and an environment variable.</summary>
internal static class ValueOption
{
    /// <summary>An option that always has a value: from the command line, else from <paramref name="environment"/>, else <paramref name="fallback"/>.</summary>
    public static Option<T> Create<T>(
        string name, string description, ValueRange<T> range, T fallback, string? environment = null, params string[] aliases)
        where T : struct, IValueText<T> =>
        new(name, aliases)
        {
            Description = Describe(description, environment),
            HelpName = T.HelpName,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => Parse(result, name, range),
            DefaultValueFactory = result => FromEnvironment(result, range, environment) ?? fallback,
        };

    /// <summary>An option that is absent unless given on the command line or by <paramref name="environment"/>.</summary>
    public static Option<T?> Optional<T>(
        string name, string description, ValueRange<T> range, string? environment = null, params string[] aliases)
        where T : struct, IValueText<T>
    {
        Option<T?> option = new(name, aliases)
        {
            Description = Describe(description, environment),
            HelpName = T.HelpName,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result => Parse(result, name, range),
        };
        if (environment is not null)
        {
            option.DefaultValueFactory = result => FromEnvironment(result, range, environment);
        }

        return option;
    }

    private static string Describe(string description, string? environment) =>
        environment is null ? description : $"{description} [env: {environment}]";

    private static T Parse<T>(ArgumentResult result, string name, ValueRange<T> range)
        where T : struct, IValueText<T>
    {
        string text = result.Tokens.Count == 0 ? string.Empty : result.Tokens[^1].Value;
        if (!range.TryRead(name, text, out T value, out string error))
        {
            result.AddError(error);
        }

        return value;
    }

    private static T? FromEnvironment<T>(ArgumentResult result, ValueRange<T> range, string? environment)
        where T : struct, IValueText<T>
    {
        string? text = environment is null ? null : Environment.GetEnvironmentVariable(environment);
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (range.TryRead(environment!, text, out T value, out string error))
        {
            return value;
        }

        result.AddError(error);
        return null;
    }
}
