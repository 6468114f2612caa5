namespace Causeway.Client;

/// <summary>How a client follows the directors of a deployment: they say which region it is to be in. Immutable.</summary>
/// <remarks>
/// At connect the client measures the round trip to the regions and asks; it connects where it is admitted, and waits where it is told to.
/// Then it asks from time to time whether to move. While no director answers it goes on with the servers that it knows.
/// </remarks>
public sealed record FollowOptions
{
    /// <summary>Where the directors serve, as <c>http://host:port</c>; another is asked when one does not answer. At least one.</summary>
    public required IReadOnlyList<Uri> Directors { get; init; }

    /// <summary>The name by which directors know the client; it has to be its own. Default: a random one for each client.</summary>
    public string? ClientId { get; init; }

    /// <summary>How long a director may take to answer. Default: 2 s.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long to wait for admission at a connect before it counts as failed. Default: 5 minutes.</summary>
    public TimeSpan AdmissionTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long measured round trips hold. Default: 1 minute.</summary>
    public TimeSpan MeasureInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Round trips to the regions where they are known without measuring, as on a machine that only plays several regions; null to
    /// measure.
    /// </summary>
    public IReadOnlyDictionary<string, TimeSpan>? RoundTrips { get; init; }

    /// <summary>What HTTP goes through; null for the network.</summary>
    internal HttpMessageHandler? Handler { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfZero(Directors.Count, nameof(Directors));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Directors.Count, ClientLimits.DirectorsMax, nameof(Directors));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AnswerTimeout, TimeSpan.Zero, nameof(AnswerTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AdmissionTimeout, TimeSpan.Zero, nameof(AdmissionTimeout));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(MeasureInterval, TimeSpan.Zero, nameof(MeasureInterval));
        if (Directors.FirstOrDefault(url => !url.IsAbsoluteUri || url.Scheme is not ("http" or "https")) is { } wrong)
        {
            throw new ArgumentException($"director '{UrlSecrets.Hide(wrong.OriginalString)}' is no address; accepted is http://host:port", nameof(Directors));
        }
    }
}
