using Causeway.Bus.Configuration.Syntax;

namespace Causeway.Cli.Serve;

/// <summary>An option as a configuration file sets it.</summary>
/// <param name="Key">The key in the file.</param>
/// <param name="Place">Where its value stands.</param>
/// <param name="Values">The option's values.</param>
internal sealed record FileOption(string Key, ConfigurationPlace Place, IReadOnlyList<string> Values);
