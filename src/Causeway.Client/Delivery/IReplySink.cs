namespace Causeway.Client.Delivery;

/// <summary>Waits for the reply or replies to one request.</summary>
internal interface IReplySink
{
    void Deliver(in Message reply);

    void NobodyResponds();

    void Fail(Exception reason);
}
