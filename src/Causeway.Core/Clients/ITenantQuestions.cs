using Causeway.Core.Routing;

namespace Causeway.Core.Clients;

/// <summary>
/// Answers what clients of any tenant ask of their own on <c>$SYS.REQ.</c>, as nats-server's accounts import it from the system account.
/// Called on the clients' own threads: it must not wait for anything.
/// </summary>
public interface ITenantQuestions
{
    /// <summary>Takes a question in.</summary>
    /// <param name="tenant">Who asks.</param>
    /// <param name="subject">What for.</param>
    /// <param name="body">The question's options.</param>
    /// <param name="answer">Takes the answer, later and on any thread; not called if there is none.</param>
    /// <returns>False if it is no such question, or if too many wait, which is counted.</returns>
    bool TryAsk(Tenant tenant, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> body, Action<byte[]> answer);
}
