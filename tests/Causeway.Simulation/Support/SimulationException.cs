namespace Causeway.Simulation.Support;

/// <summary>Something that must hold in every run did not.</summary>
internal sealed class SimulationException(string message) : Exception(message);
