using Xunit.Sdk;
using Xunit.v3;

// Each test loads the machine by itself.
[assembly: Parallelization(Mode = ParallelMode.None)]
