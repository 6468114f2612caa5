using Causeway.Client.Rpc.Serving;
using Causeway.Client.Timing;

namespace Causeway.Client.Rpc;

/// <summary>
/// A service at a server, with the keys that it serves: rooms, participants, whatever calls are addressed by. Keys are state of this
/// process alone: adding one costs neither a subscription nor a message. Safe for any thread.
/// </summary>
public sealed class RpcHost
{
    private readonly Dispatcher _dispatcher;
    private readonly ServiceState _state;
    private readonly MillisecondClock _clock;

    internal RpcHost(Dispatcher dispatcher, ServiceState state, MillisecondClock clock)
    {
        _dispatcher = dispatcher;
        _state = state;
        _clock = clock;
        state.OnTaken = TellTaken;
    }

    /// <summary>
    /// Another server took over a key that was served here; it is not served any more. Given the key and that server's address. Called
    /// by the link's reader: it must return soon, and what it throws is ignored.
    /// </summary>
    public event Action<string, string>? KeyTaken;

    /// <summary>How many keys are served.</summary>
    public int KeyCount => _dispatcher.With(() => _state.Keys.Count);

    /// <summary>What affinity functions are told of this server, such as its region; announced with its load.</summary>
    /// <exception cref="ArgumentException">Longer than <see cref="RpcLimits.LabelsLengthMax"/> characters, or with a control character.</exception>
    public string Labels
    {
        get => _dispatcher.With(() => _state.Labels);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (value.Length > RpcLimits.LabelsLengthMax || value.Any(char.IsControl))
            {
                throw new ArgumentException($"labels '{value}' have control characters or more than {RpcLimits.LabelsLengthMax} characters");
            }

            _dispatcher.With(() => _state.Labels = value.Trim());
        }
    }

    /// <summary>Whether a key is served here.</summary>
    public bool Serves(string key) => _dispatcher.With(() => _state.Keys.Serves(key));

    /// <summary>Begins to serve a key; false where it is served here already. The program sees to it that no other server serves it.</summary>
    /// <exception cref="ArgumentException">As <see cref="RpcTarget.Key"/>.</exception>
    /// <exception cref="RpcException">There are <see cref="RpcLimits.KeysMax"/> keys.</exception>
    public bool Add(string key)
    {
        RpcTarget.CheckedKey(key, mayBeEmpty: false);
        return _dispatcher.With(() => _state.Keys.Add(key));
    }

    /// <summary>Begins to serve a key whoever else does, and tells all servers of the service (1 message): who served it stops, and passes its calls on.</summary>
    /// <exception cref="ArgumentException">As <see cref="RpcTarget.Key"/>.</exception>
    /// <exception cref="RpcException">There are <see cref="RpcLimits.KeysMax"/> keys.</exception>
    public void TakeOver(string key)
    {
        Add(key);
        _dispatcher.TellTaken(_state.Name, key);
    }

    /// <summary>Stops serving a key; false where it was not served. Callers that knew look for who does.</summary>
    public bool Remove(string key) => _dispatcher.With(() => _state.Keys.Remove(key));

    /// <summary>
    /// Stops serving a key in favour of another server, to which calls are passed on for <see cref="RpcLimits.MovedKeyTime"/> (3 messages;
    /// the caller learns from the answer). False where it was not served. That server should have added the key before.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="server">The other server's <see cref="RpcServer.Address"/>.</param>
    /// <exception cref="ArgumentException">The address can't be one.</exception>
    public bool HandOver(string key, string server)
    {
        RpcTarget.CheckedAddress(server);
        return _dispatcher.With(() => _state.Keys.Move(key, server, _clock.Now));
    }

    private void TellTaken(string key, string server)
    {
        try
        {
            KeyTaken?.Invoke(key, server);
        }
#pragma warning disable CA1031 // A listener's fault must not end the connection; the event's documentation says so.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
