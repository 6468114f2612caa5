using System.Text;
using Causeway.Core.Clients;
using Causeway.Core.Memory;
using Causeway.Simulation.Support;

namespace Causeway.Simulation.World;

/// <summary>A client of a node: a real session, whose output is read at once.</summary>
internal sealed class SimClient : IClientTransport
{
    private readonly SimNode _node;
    private readonly Dictionary<string, (string Subject, string Queue)> _subscriptions = [];
    private readonly StringBuilder _carry = new();
    private int _lastSid;

    public SimClient(SimNode node, ulong id)
    {
        _node = node;
        Session = new ClientSession(node.Context, id, "10.0.0.1", 1, this, node.Now);
        Flush();
        Send("CONNECT {\"verbose\":false,\"headers\":true,\"no_responders\":true}\r\n");
    }

    public ClientSession Session { get; }

    public SimNode Node => _node;

    /// <summary>What it has asked for and not taken back, by sid.</summary>
    public IReadOnlyDictionary<string, (string Subject, string Queue)> Subscriptions => _subscriptions;

    /// <summary>What came and was not looked at yet.</summary>
    public List<(string Sid, string Subject, string Reply, string Payload)> Received { get; } = [];

    public bool IsOver { get; private set; }

    public string Subscribe(string subject, string queue = "")
    {
        string sid = $"{++_lastSid}";
        _subscriptions[sid] = (subject, queue);
        Send(queue.Length > 0 ? $"SUB {subject} {queue} {sid}\r\n" : $"SUB {subject} {sid}\r\n");
        return sid;
    }

    public void Unsubscribe(string sid)
    {
        _subscriptions.Remove(sid);
        Send($"UNSUB {sid}\r\n");
    }

    public void Publish(string subject, string payload, string reply = "") =>
        Send($"PUB {subject} {(reply.Length > 0 ? reply + " " : "")}{payload.Length}\r\n{payload}\r\n");

    public void Flush()
    {
        Block? block = Session.Outbound.BeginSend();
        while (block is not null)
        {
            long bytes = 0;
            while (block is not null)
            {
                bytes += block.Length;
                _carry.Append(Encoding.UTF8.GetString(block.Used));
                block = Session.Outbound.ReturnFirst(block);
            }

            block = Session.Outbound.EndSend(bytes, null);
        }

        Parse();
    }

    public void GoOn() => throw new SimulationException("nothing was waited for");

    public void Close(CloseReason reason) => End();

    /// <summary>The connection ends, and all that the session holds is given back.</summary>
    public void End()
    {
        if (IsOver)
        {
            return;
        }

        IsOver = true;
        Session.Outbound.TryEndSending();
        Session.Outbound.Discard(null);
        while (!Session.Release(1000))
        {
        }
    }

    private void Send(string text)
    {
        if (IsOver)
        {
            return;
        }

        _node.Batch.NowMilliseconds = _node.Now;
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        int done = Session.Receive(bytes, _node.Batch, out _);
        if (done != bytes.Length)
        {
            throw new SimulationException($"the session took {done} of {bytes.Length} bytes of '{text}'");
        }

        _node.Batch.Lagging = null;
        _node.Batch.Flush();
    }

    private void Parse()
    {
        string text = _carry.ToString();
        int at = 0;
        while (text.IndexOf("\r\n", at, StringComparison.Ordinal) is >= 0 and int end)
        {
            string[] fields = text[at..end].Split(' ');
            int next = end + 2;
            if (fields[0] is "MSG" or "HMSG")
            {
                int size = int.Parse(fields[^1], null);
                if (text.Length < next + size + 2)
                {
                    break;
                }

                bool reply = fields.Length == (fields[0] == "MSG" ? 5 : 6);
                Received.Add((fields[2], fields[1], reply ? fields[3] : "", text.Substring(next, size)));
                next += size + 2;
            }

            at = next;
        }

        _carry.Clear();
        _carry.Append(text.AsSpan(at));
    }
}
