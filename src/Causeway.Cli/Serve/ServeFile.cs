using System.CommandLine;
using System.Runtime.InteropServices;
using Causeway.Bus.Configuration.Syntax;
using Causeway.Bus.Nodes;
using Causeway.Core.Access;
using Microsoft.Extensions.Logging;

namespace Causeway.Cli.Serve;

/// <summary>The configuration file beneath a command line, and what happens when it is to be read again.</summary>
/// <param name="path">The file.</param>
/// <param name="line">The command line, which goes before it.</param>
internal sealed class ServeFile(string path, ParseResult line)
{
    private readonly Lock _reloading = new();
    private FileSettings? _settings;

    /// <summary>Reads the file: all options, those of the command line and under them those of the file, and who may come.</summary>
    /// <exception cref="ConfigurationException">It can't be read, or something in it is not right.</exception>
    public (ParseResult Result, AccessSettings Access) Read()
    {
        _settings = FileSettings.Read(path, line.CommandResult.Command);
        return (Combine(_settings), _settings.Access);
    }

    /// <summary>Reads it again on SIGHUP and takes over who may come. If it is not right nothing changes, and one log line says why.</summary>
    public PosixSignalRegistration ReloadOnSignal(BusNode node, ServeOptions options, ILogger log) => PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
    {
        context.Cancel = true;
        lock (_reloading)
        {
            Reload(node, options, log);
        }
    });

    private void Reload(BusNode node, ServeOptions options, ILogger log)
    {
        try
        {
            FileSettings settings = FileSettings.Read(path, line.CommandResult.Command);
            (BusOptions read, IReadOnlyList<string> faults) = options.Read(Combine(settings), settings.Access);
            if (faults.Count > 0)
            {
                ServeLog.NotReloaded(log, path, string.Join("; ", faults));
                return;
            }

            node.SetAccess(read.Access);
            string waiting = string.Join(", ", settings.Differing(_settings!));
            ServeLog.Reloaded(log, path, waiting.Length > 0 ? $"; what changed otherwise takes a restart: {waiting}" : "");
        }
        catch (Exception fault) when (fault is ConfigurationException or ArgumentException)
        {
            ServeLog.NotReloaded(log, path, fault.Message);
        }
    }

    private ParseResult Combine(FileSettings settings) =>
        line.RootCommandResult.Command.Parse([.. line.Tokens.Select(token => token.Value), .. settings.ArgumentsBeside(line)]);
}
