using Causeway.Bus.Tests.Support;
using Causeway.Bus.Transport;
using Causeway.Core.Clients;
using Xunit;

namespace Causeway.Bus.Tests.Memory;

/// <summary>A client that reads nothing, and the publisher that makes bytes wait for it.</summary>
internal sealed class Filler
{
    private const int PayloadBytes = 32 * 1024;

    private readonly TestClient _publisher;
    private readonly ClientConnection _connection;
    private readonly string _subject;
    private readonly Wire _wire = new();

    private Filler(TestClient reader, TestClient publisher, ClientConnection connection, string subject)
    {
        Reader = reader;
        _publisher = publisher;
        _connection = connection;
        _subject = subject;
    }

    public TestClient Reader { get; }

    public long Published { get; private set; }

    public long PendingBytes => _connection.Session.Outbound.PendingBytes;

    public bool IsClosed => _connection.CloseReason != CloseReason.None;

    public CloseReason CloseReason => _connection.CloseReason;

    public static async Task<Filler> CreateAsync(TestNode node, string subject)
    {
        TestClient reader = await node.SubscriberAsync(subject, ClientSettings.SmallWindow with { Name = subject });
        ClientConnection connection = Assert.Single(node.Bus.Connections.Open, open => open.Session.Options.Name == subject);
        return new Filler(reader, await node.ConnectAsync(), connection, subject);
    }

    /// <summary>Publishes until at least <paramref name="bytes"/> wait, or the reader is closed for it.</summary>
    public async Task FillAsync(long bytes)
    {
        while (!IsClosed && PendingBytes < bytes)
        {
            _wire.Clear();
            await _publisher.SendAsync(_wire.AddNumbered(_subject, 1, Published++, PayloadBytes).Bytes);
            await _publisher.FlushAsync();
        }
    }

    /// <summary>Reads all that was published.</summary>
    public Task ReadAllAsync() => Reader.ReadNumberedAsync(0, Published);
}
