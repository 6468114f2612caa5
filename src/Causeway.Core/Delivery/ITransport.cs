namespace Causeway.Core.Delivery;

/// <summary>What is beneath an outbound queue.</summary>
public interface ITransport
{
    /// <summary>Begins to send what waits in the outbound queue, without waiting for it. Any thread.</summary>
    void Flush();
}
