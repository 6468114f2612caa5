using Causeway.Core.Access;

namespace Causeway.Bus.Access;

/// <summary>
/// Makes the proofs that take long, one after the other on a thread of low priority, in the order of a <see cref="LoginLine"/>. After a
/// failed one it rests for as long as it took, unless somebody else waits: guessing gets half a processor at most. Any thread.
/// </summary>
internal sealed class LoginWorker : ILoginQueue, IDisposable
{
    private const int KeyBytes = 32;
    private const int SignatureBytes = 64;
    private const string CheapHash = "$2a$04$Q/9IyRVxf.3Cbt0Qz2ZBMeDRdRhpBkZqAWYwdxV5LwPXkMHDUoFTC";

    private readonly object _lock = new();
    private readonly LoginLine _line = new();
    private readonly ISecretVerifier _verifier;
    private readonly TimeProvider _time;
    private Thread? _thread;
    private long _proofs;
    private bool _disposed;

    public LoginWorker(ISecretVerifier verifier, TimeProvider time)
    {
        _verifier = verifier;
        _time = time;
    }

    /// <summary>Proofs made.</summary>
    public long Proofs => Volatile.Read(ref _proofs);

    /// <summary>Logins that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _line.Waiting;
            }
        }
    }

    /// <summary>Logins turned away, too many waiting already.</summary>
    public long Refused
    {
        get
        {
            lock (_lock)
            {
                return _line.Refused;
            }
        }
    }

    private long Now => (long)_time.GetElapsedTime(0, _time.GetTimestamp()).TotalMilliseconds;

    public bool TrySubmit(LoginAttempt attempt)
    {
        LoginAttempt? displaced;
        lock (_lock)
        {
            if (_disposed || !_line.TryAdd(attempt, Now, out displaced))
            {
                return false;
            }

            Begin();
            Monitor.PulseAll(_lock);
        }

        displaced?.Displace();
        return true;
    }

    /// <summary>Gets ready, so that the first login need not wait until the code for it is there. Nodes whose users all have plain passwords need no thread.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            if (_thread is null && !_disposed)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = "logins", Priority = ThreadPriority.BelowNormal };
                _thread.Start();
            }
        }
    }

    public void Dispose()
    {
        Thread? thread;
        lock (_lock)
        {
            _disposed = true;
            thread = _thread;
            Monitor.PulseAll(_lock);
        }

        thread?.Join();
    }

    private void Run()
    {
        _verifier.IsSigned(new byte[KeyBytes], [], new byte[SignatureBytes]);
        _verifier.IsBcryptOf(CheapHash, "");
        while (Next() is { } attempt)
        {
            long start = _time.GetTimestamp();
            bool proved = attempt.Prove(_verifier);
            TimeSpan took = _time.GetElapsedTime(start);
            Interlocked.Increment(ref _proofs);
            lock (_lock)
            {
                _line.OnProved(attempt.Address, proved, Now);
                long restUntil = Now + (proved ? 0 : (long)took.TotalMilliseconds);
                while (!_disposed && !_line.HasTrusted && Now < restUntil)
                {
                    Monitor.Wait(_lock, (int)Math.Max(1, restUntil - Now));
                }
            }
        }
    }

    private LoginAttempt? Next()
    {
        lock (_lock)
        {
            while (!_disposed)
            {
                if (_line.Take(Now) is { } attempt)
                {
                    return attempt;
                }

                Monitor.Wait(_lock);
            }

            return null;
        }
    }
}
