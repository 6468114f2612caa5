namespace Causeway.Director.Http;

/// <summary>Bounds of what a director serves over HTTP.</summary>
public static class HttpLimits
{
    /// <summary>Most connections at a time.</summary>
    public const int MaxConnections = 10_000;

    /// <summary>Largest request body, in bytes.</summary>
    public const long MaxRequestBytes = 64 * 1024;

    /// <summary>Longest request line, in bytes.</summary>
    public const int MaxRequestLineBytes = 8 * 1024;

    /// <summary>All headers of a request together, in bytes.</summary>
    public const int MaxHeaderBytes = 16 * 1024;

    /// <summary>Time that a client has to send the headers.</summary>
    public static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Most query parameters.</summary>
    public const int MaxParameters = 80;

    /// <summary>Most round trips that a client may report.</summary>
    public const int MaxRoundTrips = 64;

    /// <summary>Longest name of a client, in characters.</summary>
    public const int MaxClientCharacters = 128;

    /// <summary>Largest round trip that is believed, in milliseconds.</summary>
    public const double MaxRoundTripMilliseconds = 60_000;

    /// <summary>Requests a second of one address, where nobody says; many clients may share one.</summary>
    public const int DefaultRequestsPerSecond = 200;

    /// <summary>Operators' requests and wrong tokens a minute of one address.</summary>
    public const int MaxOperatorRequestsPerMinute = 120;

    /// <summary>Time for which a list of regions may be kept by clients of media.</summary>
    public static readonly TimeSpan SettingsMaxAge = TimeSpan.FromSeconds(5);

    /// <summary>Time for which browsers may keep that a request for regions may carry a token.</summary>
    public static readonly TimeSpan PreflightMaxAge = TimeSpan.FromHours(1);

    /// <summary>Time that requests in progress have when the director ends.</summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(2);
}
