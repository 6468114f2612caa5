using System.CommandLine;
using Causeway.Cli.Parsing;
using Xunit;

namespace Causeway.Cli.Tests.Parsing;

public sealed class ValueOptionTests
{
    private static readonly ValueRange<Duration> Range = new(Duration.FromSeconds(1), Duration.FromSeconds(60));

    [Fact]
    public void The_command_line_comes_before_the_environment_before_the_default()
    {
        const string Variable = "CAUSEWAY_TEST_ORDER";
        Option<Duration> option = ValueOption.Create("--wait", "Waits.", Range, Duration.FromSeconds(5), Variable, "-w");

        Assert.Equal(Duration.FromSeconds(5), Read(option));
        Environment.SetEnvironmentVariable(Variable, "7s");
        Assert.Equal(Duration.FromSeconds(7), Read(option));
        Assert.Equal(Duration.FromSeconds(9), Read(option, "-w", "9s"));
    }

    [Fact]
    public void A_bad_value_is_one_error_that_names_the_option()
    {
        Option<Duration> option = ValueOption.Create("--wait", "Waits.", Range, Duration.FromSeconds(5));

        ParseResult parsed = new RootCommand { option }.Parse(["--wait", "9"]);

        Assert.StartsWith("--wait: '9' can't be read; accepted is a duration", Assert.Single(parsed.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_environment_variable_is_one_error_that_names_it()
    {
        const string Variable = "CAUSEWAY_TEST_BAD";
        Environment.SetEnvironmentVariable(Variable, "2h");
        Option<Duration> option = ValueOption.Create("--wait", "Waits.", Range, Duration.FromSeconds(5), Variable);

        ParseResult parsed = new RootCommand { option }.Parse([]);

        Assert.StartsWith($"{Variable}: '2h' is too large", Assert.Single(parsed.Errors).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_optional_value_is_absent_unless_given()
    {
        Option<Duration?> option = ValueOption.Optional("--wait", "Waits.", Range, "CAUSEWAY_TEST_ABSENT");

        Assert.Null(new RootCommand { option }.Parse([]).GetValue(option));
        Assert.Equal(Duration.FromSeconds(9), new RootCommand { option }.Parse(["--wait=9s"]).GetValue(option));
        Assert.Single(new RootCommand { option }.Parse(["--wait=-9s"]).Errors);
    }

    private static Duration Read(Option<Duration> option, params string[] args)
    {
        ParseResult parsed = new RootCommand { option }.Parse(args);
        Assert.Empty(parsed.Errors);
        return parsed.GetValue(option);
    }
}
