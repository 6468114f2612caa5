using Causeway.Drill.Load.Clients;

namespace Causeway.Drill.Load.Held;

/// <summary>The subscriptions that a region holds beside those of its rooms: few connections with many each, in turn. Its beat belongs to one thread.</summary>
internal sealed class HeldSubscriptions(LoadContext context, string region, int connectionsMin) : IAsyncDisposable
{
    private volatile Holder[] _holders = [];
    private double _churnDue;

    /// <summary>Subscriptions that nodes know of at present.</summary>
    public int Held => _holders.Sum(holder => holder.Held);

    /// <summary>Subscriptions that nodes refused.</summary>
    public long Refused => _holders.Sum(holder => holder.Refused);

    /// <summary>Brings the number nearer to <paramref name="wanted"/>, and lets as many come and go as are due after <paramref name="elapsed"/>.</summary>
    public void Beat(int wanted, double churnPerSecond, TimeSpan elapsed)
    {
        int holders = wanted == 0 ? _holders.Length : Math.Max(connectionsMin, (wanted + LoadLimits.MaxSubscriptionsPerHolder - 1) / LoadLimits.MaxSubscriptionsPerHolder);
        while (_holders.Length < holders)
        {
            _holders = [.. _holders, new Holder(context, region, $"holder-{_holders.Length + 1}")];
        }

        if (_holders.Length == 0)
        {
            return;
        }

        _churnDue = wanted == 0 ? 0 : Math.Min(_churnDue + (churnPerSecond * elapsed.TotalSeconds), churnPerSecond);
        int churn = (int)_churnDue;
        _churnDue -= churn;
        for (int i = 0; i < _holders.Length; i++)
        {
            int missing = Share(wanted, i) - _holders[i].Wanted;
            int turnover = Share(churn, i);
            _holders[i].Change(Math.Max(0, -missing) + turnover, Math.Max(0, missing) + turnover);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Holder holder in _holders)
        {
            await holder.DisposeAsync().ConfigureAwait(false);
        }
    }

    private int Share(int whole, int holder) => (whole / _holders.Length) + (holder < whole % _holders.Length ? 1 : 0);
}
