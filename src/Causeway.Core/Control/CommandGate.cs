using System.Text.Json;
using Causeway.Core.Links;

namespace Causeway.Core.Control;

/// <summary>
/// Lets the commands through that come from a member of the deployment, are for this lifetime of the node, fresh, and new. Remembers
/// the ids of those taken until they would be too old anyway. Holds no clock; not thread-safe.
/// </summary>
public sealed class CommandGate
{
    /// <summary>Largest command that is looked at, in bytes.</summary>
    public const int MaxCommandBytes = 4096;

    /// <summary>Most commands remembered; while it is full, none is taken: forgetting one would let it in again.</summary>
    public const int MaxRemembered = 1024;

    private readonly DeploymentKey _key;
    private readonly string _subject;
    private readonly string _nodeId;
    private readonly Dictionary<Guid, DateTimeOffset> _forgetAt = [];
    private readonly long[] _counts = new long[Enum.GetValues<CommandResult>().Length];

    /// <summary>Creates the gate of the node <paramref name="nodeId"/>, which takes commands on <paramref name="subject"/>.</summary>
    public CommandGate(DeploymentKey key, string subject, string nodeId)
    {
        _key = key;
        _subject = subject;
        _nodeId = nodeId;
    }

    /// <summary>Messages that came to <paramref name="result"/>. Any thread.</summary>
    public long Count(CommandResult result) => Volatile.Read(ref _counts[(int)result]);

    /// <summary>True if the sender proved to be a member of the deployment, so that an answer says nothing to strangers.</summary>
    public static bool IsFromMember(CommandResult result) => result is not (CommandResult.TooLarge or CommandResult.Forged);

    /// <summary>
    /// Judges <paramref name="message"/> at <paramref name="now"/>. <paramref name="command"/> is null unless it could be read.
    /// </summary>
    public CommandResult Take(DateTimeOffset now, ReadOnlySpan<byte> message, out NodeCommand? command)
    {
        CommandResult result = Judge(now, message, out command);
        Interlocked.Increment(ref _counts[(int)result]);
        return result;
    }

    private CommandResult Judge(DateTimeOffset now, ReadOnlySpan<byte> message, out NodeCommand? command)
    {
        command = null;
        if (message.Length > MaxCommandBytes)
        {
            return CommandResult.TooLarge;
        }

        if (!SealedMessage.TryOpen(_key, _subject, now, TimeSpan.MaxValue, message, out ReadOnlySpan<byte> body, out DateTimeOffset sealedAt))
        {
            return CommandResult.Forged;
        }

        command = Read(body);
        if ((sealedAt - now).Duration() > ReportLimits.MaxSealAge)
        {
            return CommandResult.Stale;
        }

        if (command is null)
        {
            return CommandResult.Malformed;
        }

        return command.NodeId != _nodeId ? CommandResult.Foreign : Remember(command.CommandId, sealedAt, now);
    }

    private static NodeCommand? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            NodeCommand? command = JsonSerializer.Deserialize(body, ControlJson.Default.NodeCommand);
            return command is not null && Enum.IsDefined(command.Kind) ? command : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private CommandResult Remember(Guid id, DateTimeOffset sealedAt, DateTimeOffset now)
    {
        if (_forgetAt.ContainsKey(id))
        {
            return CommandResult.Replayed;
        }

        if (_forgetAt.Count >= MaxRemembered)
        {
            foreach (Guid old in _forgetAt.Where(known => known.Value < now).Select(known => known.Key).ToArray())
            {
                _forgetAt.Remove(old);
            }

            if (_forgetAt.Count >= MaxRemembered)
            {
                return CommandResult.TooMany;
            }
        }

        _forgetAt[id] = sealedAt + ReportLimits.MaxSealAge;
        return CommandResult.Taken;
    }
}
