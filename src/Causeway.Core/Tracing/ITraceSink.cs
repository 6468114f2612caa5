namespace Causeway.Core.Tracing;

/// <summary>Takes what was traced. Called on event loops: it must not wait for anything.</summary>
public interface ITraceSink
{
    /// <summary>One message was routed.</summary>
    void Add(MessageTrace trace);
}
