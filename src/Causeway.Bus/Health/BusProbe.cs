using System.Globalization;
using System.Text;
using Causeway.Bus.Nodes;
using Causeway.Core.Health;
using Causeway.Core.Routing;
using Causeway.Core.Subjects;

namespace Causeway.Bus.Health;

/// <summary>
/// Sends a message through the node's own client port and waits for it to come back: a node that takes connections and never
/// completes work is found so. It lives in a tenant of its own, where no client sees its messages and no count of clients'
/// subscriptions has its one. One thread at a time.
/// </summary>
internal sealed class BusProbe : IDisposable
{
    private const string Subject = "probe";

    private readonly OwnLine _line;
    private readonly TimeProvider _time;
    private readonly TimeSpan _deadline;
    private TaskCompletionSource _returned = new();
    private string _expected = "";
    private long _number;
    private int _lost;

    public BusProbe(BusNode node, TimeSpan deadline, TimeProvider time)
    {
        _deadline = deadline;
        _time = time;
        _line = new OwnLine(node, new Tenant("$PROBE", new ByteHash(0)), "causeway-probe", [Subject], OnFrameAsync, deadline, time);
    }

    /// <summary>
    /// The round trip in milliseconds, or a negative number and why there was none within the deadline.
    /// </summary>
    public async Task<(double Milliseconds, string Fault)> MeasureAsync()
    {
        TaskCompletionSource returned = new(TaskCreationOptions.RunContinuationsAsynchronously);
        string number = (++_number).ToString(CultureInfo.InvariantCulture);
        Volatile.Write(ref _expected, number);
        Volatile.Write(ref _returned, returned);
        try
        {
            // Connecting again is no part of the round trip.
            await _line.OpenAsync().ConfigureAwait(false);
            long sent = _time.GetTimestamp();
            await _line.PublishAsync(Subject, Encoding.ASCII.GetBytes(number)).ConfigureAwait(false);
            await returned.Task.WaitAsync(_deadline, _time).ConfigureAwait(false);
            _lost = 0;
            return (_time.GetElapsedTime(sent).TotalMilliseconds, "");
        }
        catch (IOException fault)
        {
            return (-1, fault.Message);
        }
        catch (TimeoutException)
        {
            if (++_lost % HealthLimits.LooksToHold == 0)
            {
                // It may be the connection alone: a new one is what a new client would have.
                _line.Close();
            }

            return (-1, $"it was sent and did not return within {_deadline.TotalSeconds:0.###} s");
        }
    }

    public void Dispose() => _line.Dispose();

    private Task OnFrameAsync(OwnFrame frame, OwnClient client)
    {
        if (frame.Payload is { } payload && Encoding.ASCII.GetString(payload) == Volatile.Read(ref _expected))
        {
            Volatile.Read(ref _returned).TrySetResult();
        }

        return Task.CompletedTask;
    }
}
