namespace Causeway.Bus.Tests.Support;

/// <summary>
/// A clock that goes only while this process is let run: a thread that does nothing but sleep for a moment, again and again, and counts.
/// What the machine takes from the whole process it takes from this clock too, so that a busy machine is not taken for a busy node.
/// </summary>
internal sealed class Metronome : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(5);

    private readonly Thread _thread;
    private volatile bool _stopping;
    private long _beats;

    public Metronome()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "metronome" };
        _thread.Start();
    }

    /// <summary>The time that has gone, at most the real one. Any thread.</summary>
    public TimeSpan Now => Beat * Volatile.Read(ref _beats);

    public void Dispose()
    {
        _stopping = true;
        _thread.Join();
    }

    private void Run()
    {
        while (!_stopping)
        {
            Thread.Sleep(Beat);
            Volatile.Write(ref _beats, _beats + 1);
        }
    }
}
