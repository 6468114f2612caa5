using System.Collections.Concurrent;
using Xunit;

namespace Causeway.Bus.Tests.Support;

/// <summary>Reads to the end of its connection, and fails unless the numbers of every publisher come in order from 0 without a gap.</summary>
internal sealed class NumberedReader
{
    private readonly ConcurrentDictionary<int, long> _next = new();
    private readonly TestClient _client;

    public NumberedReader(TestClient client)
    {
        _client = client;
        Done = Task.Run(RunAsync);
    }

    /// <summary>Ends with the connection, or fails.</summary>
    public Task Done { get; }

    /// <summary>Messages of <paramref name="publisher"/> that it got.</summary>
    public long Got(int publisher) => _next.GetValueOrDefault(publisher);

    private async Task RunAsync()
    {
        while (true)
        {
            Frame frame = await _client.NextAsync();
            if (frame.Kind == FrameKind.End)
            {
                _client.Dispose();
                return;
            }

            if (frame.Kind != FrameKind.Message)
            {
                Assert.Equal(FrameKind.Info, frame.Kind);
                continue;
            }

            (int publisher, long number) = Numbered.Read(frame.Payload);
            long due = _next.GetValueOrDefault(publisher);
            Assert.True(number == due, $"message {due} of publisher {publisher} was due, it was {number}");
            _next[publisher] = due + 1;
        }
    }
}
