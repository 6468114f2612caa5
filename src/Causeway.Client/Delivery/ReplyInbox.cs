using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Causeway.Client.Connections;
using Causeway.Client.Protocol;

namespace Causeway.Client.Delivery;

/// <summary>
/// The one wildcard subscription through which all replies to a client's requests come: <c>_INBOX.id.*</c>, with the request's number
/// as the last token.
/// </summary>
internal sealed class ReplyInbox : IMessageSink
{
    private readonly Lock _gate = new();
    private readonly Dictionary<long, IReplySink> _requests = [];
    private readonly MessageFactory _messages;
    private readonly string _prefix;
    private long _lastRequest;
    private Exception? _ended;

    public ReplyInbox(BusClient client)
    {
        _prefix = $"{NewSubject()}.";
        Pattern = $"{_prefix}*";
        _messages = new MessageFactory(client, Pattern);
    }

    /// <summary>The subject to subscribe to.</summary>
    public string Pattern { get; }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _requests.Count;
            }
        }
    }

    /// <summary>A subject that nobody else uses or can guess.</summary>
    public static string NewSubject() => $"_INBOX.{RandomNumberGenerator.GetString("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 22)}";

    /// <summary>Opens a place for replies and returns its number; <see cref="SubjectOf"/> is where they go to.</summary>
    public long Open(IReplySink sink)
    {
        lock (_gate)
        {
            if (_ended is not null)
            {
                throw Ending.Again(_ended);
            }

            if (_requests.Count >= ClientLimits.PendingRequestsMax)
            {
                throw new BusException($"{ClientLimits.PendingRequestsMax} requests wait for replies, more are not allowed at the same time");
            }

            _requests.Add(++_lastRequest, sink);
            return _lastRequest;
        }
    }

    public string SubjectOf(long request) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{request}");

    public void Close(long request)
    {
        lock (_gate)
        {
            _requests.Remove(request);
        }
    }

    public void Deliver(in InboundMessage message)
    {
        ReadOnlySpan<byte> token = message.Subject[Math.Min(_prefix.Length, message.Subject.Length)..];
        if (!Utf8Parser.TryParse(token, out long request, out int used) || used != token.Length)
        {
            return;
        }

        IReplySink? sink;
        lock (_gate)
        {
            _requests.TryGetValue(request, out sink);
        }

        // A late reply finds nobody.
        if (sink is null)
        {
            return;
        }

        if (HeaderBlock.IsNobodyResponds(message))
        {
            sink.NobodyResponds();
        }
        else
        {
            sink.Deliver(_messages.Create(message));
        }
    }

    public void End(Exception? error)
    {
        Exception reason = error ?? new ObjectDisposedException(nameof(BusClient));
        IReplySink[] waiting;
        lock (_gate)
        {
            _ended = reason;
            waiting = [.. _requests.Values];
            _requests.Clear();
        }

        Array.ForEach(waiting, sink => sink.Fail(reason));
    }
}
