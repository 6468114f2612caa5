using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace Causeway.Cli.Execution;

/// <summary>The program <c>causeway</c> without its commands: what it is, its version, its exit codes.</summary>
internal static class ProgramRoot
{
    private const string Examples = """
        Examples:
          causeway sub 'orders.>'                  print all messages on orders.> as they come
          causeway pub orders.new '{"id": 7}'      publish one message
          causeway request time.now --timeout 1s   ask, print the answer
          causeway explain orders.new              who would get a message, and why others would not
          causeway COMMAND --help                  more about one command
        """;

    /// <summary>The version as <c>major.minor.patch</c>, with a suffix for a pre-release.</summary>
    public static string Version { get; } =
        typeof(ProgramRoot).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>The name by which the program was called, which a link may have given it; null if it can't be told.</summary>
    public static string? CalledAs
    {
        get
        {
            try
            {
                return File.ReadAllText("/proc/self/cmdline").Split('\0')[0];
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    public static RootCommand Create()
    {
        RootCommand root = new("Causeway: a message bus that speaks the NATS client protocol, and tools to use it.");
        VersionOption version = root.Options.OfType<VersionOption>().Single();
        version.Description = "Show the version";
        version.Action = new ShowVersion();
        HelpText.Append(root, Examples, HelpText.ExitCodes);
        return root;
    }

    private sealed class ShowVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"causeway {Version}");
            return ExitCode.Success;
        }
    }
}
