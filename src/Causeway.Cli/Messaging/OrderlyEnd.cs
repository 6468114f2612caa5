using Causeway.Client;

namespace Causeway.Cli.Messaging;

/// <summary>Drains a subscription when the command is told to end, so that its enumeration gives what was received and then ends.</summary>
internal sealed class OrderlyEnd : IAsyncDisposable
{
    // The server answers within a round trip, or a moment later where it is busy; without a connection there is nothing to wait for.
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(5);

    private readonly Subscription _subscription;
    private readonly CancellationTokenRegistration _registration;
    private readonly CancellationTokenSource _timeout = new();
    private Task _drained = Task.CompletedTask;

    public OrderlyEnd(Subscription subscription, CancellationToken cancellationToken)
    {
        _subscription = subscription;
        _registration = cancellationToken.Register(() => _drained = DrainAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _registration.DisposeAsync();
        await _timeout.CancelAsync();
        await _drained;
        _timeout.Dispose();
    }

    private async Task DrainAsync()
    {
        _timeout.CancelAfter(DrainTimeout);
        try
        {
            await _subscription.DrainAsync(_timeout.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or BusException)
        {
            // The subscription has ended all the same.
        }
    }
}
