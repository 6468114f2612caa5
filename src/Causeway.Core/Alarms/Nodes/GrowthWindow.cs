namespace Causeway.Core.Alarms.Nodes;

/// <summary>
/// Tells growth from noise: the slope of a straight line through the last window and through its last quarter, and whether memory is
/// higher than it was at any time before. A step is over before the hold time is, a swing has been as high before, and noise has no
/// slope that is far from its error. Not thread-safe.
/// </summary>
/// <param name="window">The time over which growth is measured.</param>
/// <param name="swing">The time back within which it must not have been as high.</param>
public sealed class GrowthWindow(TimeSpan window, TimeSpan swing)
{
    /// <summary>How many times its error a slope has to be: noise has that once in more than ten thousand windows.</summary>
    private const double LeastSlopeErrors = 4;

    private const int LeastPoints = 4;
    private const int Buckets = 20;

    /// <summary>Part of the distance from the lowest to the highest before by which it has to be above the highest.</summary>
    private const double HigherByShare = 0.1;

    /// <summary>Share of the window that has to be covered.</summary>
    private const double LeastCovered = 0.9;

    /// <summary>Most looks kept of a window: more than there are at ten a second.</summary>
    private const int MaxPoints = 6000;

    private readonly Queue<Point> _points = new();
    private readonly Queue<Range> _ranges = new();
    private Point _last;
    private Range _range = new();

    /// <summary>The growth in bytes a second that goes on: the lesser of the two slopes; 0 if nothing is certain.</summary>
    public double BytesPerSecond { get; private set; }

    /// <summary>True if it grows, beyond noise, and is higher than it was at any time before this window.</summary>
    public bool IsGrowing { get; private set; }

    /// <summary>Takes note that there are <paramref name="bytes"/> at <paramref name="elapsed"/>; of times that do not go on, none.</summary>
    public void Observe(TimeSpan elapsed, long bytes)
    {
        Point now = new(elapsed.TotalSeconds, bytes);
        if (_points.Count > 0 && now.Seconds <= _last.Seconds)
        {
            return;
        }

        _last = now;
        _points.Enqueue(now);
        while (_points.Peek().Seconds < now.Seconds - window.TotalSeconds || _points.Count > MaxPoints)
        {
            Remember(_points.Dequeue());
        }

        while (_ranges.Count > 0 && _ranges.Peek().Seconds < now.Seconds - swing.TotalSeconds)
        {
            _ranges.Dequeue();
        }

        Judge(now);
    }

    private void Judge(Point now)
    {
        bool covered = _points.Count >= LeastPoints && now.Seconds - _points.Peek().Seconds >= LeastCovered * window.TotalSeconds;
        (double slope, double error) = covered ? Line([.. _points]) : (0, 0);
        int recentPoints = Math.Max(LeastPoints - 1, _points.Count(point => point.Seconds >= now.Seconds - (window.TotalSeconds / 4)));
        Point[] quarter = [.. _points.TakeLast(recentPoints)];
        double recent = Line(quarter).Slope;
        BytesPerSecond = Math.Max(0, Math.Min(slope, recent));
        IsGrowing = BytesPerSecond > 0 && slope >= LeastSlopeErrors * error && IsHigherThanBefore(quarter.Average(point => point.Bytes));
    }

    /// <summary>
    /// Not one look but a quarter of the window together has to be above all that was, by a part of what it has swung: noise reaches a
    /// new high now and then.
    /// </summary>
    private bool IsHigherThanBefore(double level)
    {
        if (_ranges.Count == 0)
        {
            return true;
        }

        double high = _ranges.Max(range => range.High);
        return level > high + (HigherByShare * (high - _ranges.Min(range => range.Low)));
    }

    /// <summary>Keeps the highest and the lowest of each twentieth of the swing time.</summary>
    private void Remember(Point point)
    {
        double bucket = Math.Floor(point.Seconds / (swing.TotalSeconds / Buckets));
        if (_ranges.Count > 0 && _range.Bucket.Equals(bucket))
        {
            (_range.High, _range.Low) = (Math.Max(_range.High, point.Bytes), Math.Min(_range.Low, point.Bytes));
            return;
        }

        _range = new Range { Bucket = bucket, Seconds = point.Seconds, High = point.Bytes, Low = point.Bytes };
        _ranges.Enqueue(_range);
    }

    /// <summary>The line of least squares: its slope, and the standard error of that.</summary>
    private static (double Slope, double Error) Line(ReadOnlySpan<Point> points)
    {
        double meanX = 0;
        double meanY = 0;
        foreach (Point point in points)
        {
            meanX += point.Seconds / points.Length;
            meanY += point.Bytes / points.Length;
        }

        double xx = 0;
        double xy = 0;
        double yy = 0;
        foreach (Point point in points)
        {
            xx += (point.Seconds - meanX) * (point.Seconds - meanX);
            xy += (point.Seconds - meanX) * (point.Bytes - meanY);
            yy += (point.Bytes - meanY) * (point.Bytes - meanY);
        }

        double slope = xx > 0 ? xy / xx : 0;
        double rest = Math.Max(0, yy - (slope * xy));
        return (slope, points.Length > 2 && xx > 0 ? Math.Sqrt(rest / (points.Length - 2) / xx) : 0);
    }

    private readonly record struct Point(double Seconds, double Bytes);

    private sealed class Range
    {
        public double Bucket { get; init; }

        public double Seconds { get; init; }

        public double High { get; set; }

        public double Low { get; set; }
    }
}
