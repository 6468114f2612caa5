namespace Causeway.Client.Delivery;

/// <summary>Waits for the reply or replies to one request.</summary>
internal interface IReplySink
{
    /// <summary>What the request was published to.</summary>
    string Subject { get; }

    void Deliver(in Message reply);

    void NobodyResponds();

    void Fail(Exception reason);
}
