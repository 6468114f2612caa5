using System.CommandLine;
using System.CommandLine.Parsing;
using Causeway.Client;

namespace Causeway.Cli.Messaging;

/// <summary>Arguments and options that hold subjects and queue groups, checked before anything is connected.</summary>
internal static class SubjectArgument
{
    private const string Literal = "tokens separated by dots, such as orders.new";
    private const string Pattern = "tokens separated by dots, where * stands for one token and > at the end for all that follow";

    /// <summary>The subject to publish to.</summary>
    public static Argument<string> ToPublish()
    {
        Argument<string> argument = new("subject") { Description = "Where to, such as orders.new" };
        argument.Validators.Add(result => Check(result, argument.Name, subject => SubjectRules.LiteralProblem(subject), Literal));
        return argument;
    }

    /// <summary>The subject to subscribe to.</summary>
    public static Argument<string> ToSubscribe()
    {
        Argument<string> argument = new("subject") { Description = "What to, such as orders.new, 'orders.*' or 'orders.>'" };
        argument.Validators.Add(result => Check(result, argument.Name, subject => SubjectRules.PatternProblem(subject), Pattern));
        return argument;
    }

    public static Option<string?> ReplyTo()
    {
        Option<string?> option = new("--reply") { Description = "The subject on which a reply is wanted", HelpName = "subject" };
        option.Validators.Add(result => Check(result, option.Name, subject => SubjectRules.LiteralProblem(subject), Literal));
        return option;
    }

    public static Option<string?> QueueGroup()
    {
        Option<string?> option = new("--queue", "-q")
        {
            Description = "Join this queue group: each message goes to one member of the group",
            HelpName = "group",
        };
        option.Validators.Add(result =>
            Check(result, option.Name, name => SubjectRules.QueueGroupProblem(name), "a name without blanks"));
        return option;
    }

    private static void Check(SymbolResult result, string name, Func<string, string?> problemOf, string accepted)
    {
        foreach (Token token in result.Tokens)
        {
            if (problemOf(token.Value) is { } problem)
            {
                result.AddError($"{name}: '{token.Value}' {problem}; accepted is {accepted}");
            }
        }
    }
}
