using System.CommandLine;
using Causeway.Bus.Configuration.Access;
using Causeway.Core.Access;

namespace Causeway.Cli.Serve;

/// <summary>The options of <c>causeway serve</c> for one user or one token; more than that is the configuration file's.</summary>
internal sealed class AccessOptions
{
    private readonly Option<string> _user = ServeOptions.Text("--user", "The user that clients have to be, with --pass", "", _ => null);
    private readonly Option<string> _password = ServeOptions.Text("--pass", "The user's password, or its bcrypt hash", "", _ => null);
    private readonly Option<string> _token = ServeOptions.Text("--auth", "The token that clients have to have, or its bcrypt hash", "", _ => null);

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_user, _password, _token])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Who may come: as the options say, else as <paramref name="file"/> does. Adds a line to <paramref name="faults"/> if that does not fit.</summary>
    public AccessSettings Read(ParseResult result, AccessSettings file, List<string> faults)
    {
        string user = result.GetValue(_user)!;
        string password = result.GetValue(_password)!;
        string token = result.GetValue(_token)!;
        if (user.Length + password.Length + token.Length == 0)
        {
            return file;
        }

        if (file.IsRequired)
        {
            faults.Add("--user, --pass and --auth can't be with users or a token in the configuration file");
            return file;
        }

        try
        {
            return AccessReader.Of(user, password, token) with { Tenants = file.Tenants, SystemTenant = file.SystemTenant };
        }
        catch (ArgumentException fault)
        {
            faults.Add(fault.Message);
            return file;
        }
    }
}
