namespace Causeway.Compare;

/// <summary>Why a comparison, or one scenario of it, gives no figures.</summary>
internal sealed class CompareException(string message) : Exception(message);
