using System.Net.Sockets;

namespace Causeway.Client.Directing;

/// <summary>Measures how far regions are: the time of a TCP connect, which is one round trip.</summary>
internal static class RoundTrips
{
    /// <summary>Round trips in milliseconds to the regions that answer in time, at most <see cref="ClientLimits.MeasuredRegionsMax"/>, all at once.</summary>
    public static async Task<IReadOnlyDictionary<string, double>> MeasureAsync(RegionAdvice advice, TimeProvider time, CancellationToken cancellationToken)
    {
        (string Name, Task<double?> RoundTrip)[] running =
        [
            .. advice.Usable.Where(region => region.State != "down").DistinctBy(region => region.Name).Take(ClientLimits.MeasuredRegionsMax)
                .Select(region => (region.Name!, MeasureAsync(advice.Servers(region.Name), time, cancellationToken))),
        ];
        await Task.WhenAll(running.Select(one => one.RoundTrip)).ConfigureAwait(false);
        return running.Where(one => one.RoundTrip.Result is not null).ToDictionary(one => one.Name, one => one.RoundTrip.Result!.Value);
    }

    private static async Task<double?> MeasureAsync(IReadOnlyList<ServerAddress> servers, TimeProvider time, CancellationToken cancellationToken)
    {
        if (servers.Count == 0)
        {
            return null;
        }

        using CancellationTokenSource late = new(ClientLimits.MeasureTimeout, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            long began = time.GetTimestamp();
            await socket.ConnectAsync(servers[0].Host, servers[0].Port, either.Token).ConfigureAwait(false);
            return time.GetElapsedTime(began).TotalMilliseconds;
        }
        catch (Exception failure) when (failure is SocketException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }
}
