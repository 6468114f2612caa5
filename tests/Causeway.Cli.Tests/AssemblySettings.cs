using Causeway.Tests.Support.Servers;
using Xunit;
using Xunit.v3;

[assembly: Parallelization(MaxThreads = 2)]
[assembly: AssemblyFixture(typeof(SharedServers))]
