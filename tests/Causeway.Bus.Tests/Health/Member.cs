using System.Net;
using System.Text.Json;
using Causeway.Bus.Tests.Support;
using Causeway.Core.Control;
using Causeway.Core.Links;
using Xunit;

namespace Causeway.Bus.Tests.Health;

/// <summary>
/// A member of the deployment that is connected as any client is, as a director is: it hears reports and sends commands. With another
/// key it is a stranger.
/// </summary>
internal sealed class Member : IDisposable
{
    private const string Inbox = "_INBOX.member";
    private const string ReportSid = "1";

    private readonly TestClient _client;
    private readonly Dictionary<string, NodeReport> _last = [];
    private int _requests;

    private Member(TestClient client, DeploymentKey key) => (_client, Key) = (client, key);

    public DeploymentKey Key { get; }

    /// <summary>Messages on report subjects whose seal did not hold.</summary>
    public int NotSealed { get; private set; }

    public static Task<Member> ConnectAsync(TestNode node, string secret = "") => ConnectAsync(node.Address, secret);

    public static async Task<Member> ConnectAsync(IPEndPoint address, string secret = "")
    {
        TestClient client = await TestClient.ConnectAsync(address);
        await client.SubscribeAsync(ControlSubjects.AllReports, ReportSid);
        await client.SubscribeAsync(Inbox + ".*", "2");
        return new Member(client, new DeploymentKey("causeway", System.Text.Encoding.UTF8.GetBytes(secret)));
    }

    /// <summary>Reads on until a node's report is as it should be, and returns it.</summary>
    public async Task<NodeReport> ReportAsync(string node, Func<NodeReport, bool>? condition = null)
    {
        condition ??= _ => true;
        long deadline = Environment.TickCount64 + (long)Eventually.Deadline.TotalMilliseconds;
        while (!_last.TryGetValue(node, out NodeReport? report) || !condition(report))
        {
            Assert.True(Environment.TickCount64 < deadline, $"the report of {node} stays {JsonSerializer.Serialize(report, ControlJson.Default.NodeReport)}");
            Keep(await MessageAsync());
        }

        return _last[node];
    }

    /// <summary>The next report of any node, or of one that can't be read.</summary>
    public async Task NextAsync() => Keep(await MessageAsync());

    /// <summary>Seals and sends a command.</summary>
    public Task<NodeAnswer> CommandAsync(NodeReport node, NodeCommand command, DateTimeOffset? at = null) => RequestAsync(node, Seal(node, command, at));

    public byte[] Seal(NodeReport node, NodeCommand command, DateTimeOffset? at = null) => SealedMessage.Seal(
        Key, ControlSubjects.Command(node.Region, node.Node), at ?? DateTimeOffset.UtcNow, JsonSerializer.SerializeToUtf8Bytes(command, ControlJson.Default.NodeCommand));

    /// <summary>Sends to a node's command subject and returns its answer, the seal of which must hold.</summary>
    public async Task<NodeAnswer> RequestAsync(NodeReport node, byte[] message)
    {
        string reply = $"{Inbox}.{++_requests}";
        await SendAsync(node, message, reply);
        while (true)
        {
            Frame frame = await MessageAsync();
            if (frame.Subject == reply)
            {
                string subject = ControlSubjects.Answer(node.Region, node.Node);
                Assert.True(SealedMessage.TryOpen(Key, subject, DateTimeOffset.UtcNow, ReportLimits.MaxSealAge, frame.Payload, out ReadOnlySpan<byte> body, out _));
                return JsonSerializer.Deserialize(body, ControlJson.Default.NodeAnswer)!;
            }

            Keep(frame);
        }
    }

    /// <summary>Sends to a node's command subject.</summary>
    public async Task SendAsync(NodeReport node, byte[] message, string reply = Inbox + ".none")
    {
        byte[] head = System.Text.Encoding.UTF8.GetBytes($"PUB {ControlSubjects.Command(node.Region, node.Node)} {reply} {message.Length}\r\n");
        await _client.SendAsync((byte[])[.. head, .. message, .. "\r\n"u8]);
        await _client.FlushAsync();
    }

    public void Dispose() => _client.Dispose();

    /// <summary>The next message; what INFO says meanwhile is of no concern here.</summary>
    private async Task<Frame> MessageAsync()
    {
        Frame frame;
        do
        {
            frame = await _client.NextAsync();
        }
        while (frame.Kind == FrameKind.Info);

        Assert.True(frame.Kind == FrameKind.Message, $"a message was due, it was: {frame.Kind} {frame.Text}");
        return frame;
    }

    private void Keep(Frame frame)
    {
        Assert.Equal(ReportSid, frame.Sid);
        if (!SealedMessage.TryOpen(Key, frame.Subject, DateTimeOffset.UtcNow, ReportLimits.MaxSealAge, frame.Payload, out ReadOnlySpan<byte> body, out _))
        {
            NotSealed++;
            return;
        }

        NodeReport report = JsonSerializer.Deserialize(body, ControlJson.Default.NodeReport)!;
        Assert.Equal(ControlSubjects.Report(report.Region, report.Node), frame.Subject);
        if (_last.TryGetValue(report.Node, out NodeReport? before) && before.Id == report.Id)
        {
            Assert.True(report.Sequence > before.Sequence);
        }

        _last[report.Node] = report;
    }
}
