namespace Causeway.Director.Pages.Access;

/// <summary>Bounds how many wrong tokens may be tried, by address and in all. Thread-safe.</summary>
internal sealed class LoginThrottle
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _byAddress = new(StringComparer.Ordinal);
    private DateTimeOffset _windowEnd;
    private int _all;

    /// <summary>Tries that were refused since the start.</summary>
    public long Refused { get; private set; }

    /// <summary>True if <paramref name="address"/> may try at <paramref name="now"/>, which counts as a try; else the time to wait.</summary>
    public bool TryEnter(string address, DateTimeOffset now, out TimeSpan wait)
    {
        lock (_gate)
        {
            // A clock that was set back must not lengthen the window.
            if (now >= _windowEnd || now < _windowEnd - PagesLimits.LoginWindow)
            {
                _windowEnd = now + PagesLimits.LoginWindow;
                _byAddress.Clear();
                _all = 0;
            }

            wait = _windowEnd - now;
            int tries = _byAddress.GetValueOrDefault(address);
            if (tries >= PagesLimits.MaxLoginsByAddress || _all >= PagesLimits.MaxLogins)
            {
                Refused++;
                return false;
            }

            _byAddress[address] = tries + 1;
            _all++;
            return true;
        }
    }

    /// <summary>A right token does not count.</summary>
    public void Succeeded(string address)
    {
        lock (_gate)
        {
            if (_byAddress.TryGetValue(address, out int tries) && tries > 0)
            {
                _byAddress[address] = tries - 1;
                _all--;
            }
        }
    }
}
