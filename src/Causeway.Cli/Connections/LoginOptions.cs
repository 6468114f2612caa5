using System.CommandLine;
using Causeway.Client;

namespace Causeway.Cli.Connections;

/// <summary>
/// What a command proves itself with. Secrets are read from files or stand in the address of a server: a command line is shown to every user of
/// the machine.
/// </summary>
internal sealed class LoginOptions
{
    private readonly Option<string?> _nkey = File("--nkey", "A file with the seed of a user's nkey, which begins with SU [env: CAUSEWAY_NKEY]", "CAUSEWAY_NKEY");
    private readonly Option<string?> _credentials = File("--creds", "A .creds file with a JWT and a seed, for nats-server [env: CAUSEWAY_CREDS]", "CAUSEWAY_CREDS");

    public void AddTo(Command command)
    {
        command.Options.Add(_nkey);
        command.Options.Add(_credentials);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_nkey) is not null && result.GetValue(_credentials) is not null)
            {
                result.AddError("--nkey and --creds exclude each other");
            }
        });
    }

    /// <summary>What the options say; null where they say nothing.</summary>
    public ClientCredentials? Read(ParseResult parsed) =>
        parsed.GetValue(_nkey) is { } nkey ? ClientCredentials.ForNkeyFile(nkey)
        : parsed.GetValue(_credentials) is { } credentials ? ClientCredentials.ForCredentialsFile(credentials)
        : null;

    /// <summary>An option that names a file, or whose variable does.</summary>
    internal static Option<string?> File(string name, string description, string variable) => new(name)
    {
        Description = description,
        HelpName = "file",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } path ? path : null,
    };
}
