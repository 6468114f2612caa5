using Xunit;

namespace Causeway.Core.Tests.Support;

/// <summary>Tests that measure the whole process: no other test runs meanwhile.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
