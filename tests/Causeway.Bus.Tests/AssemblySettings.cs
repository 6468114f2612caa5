using Xunit.Sdk;
using Xunit.v3;

// The tests count the process's open files, and each loads the machine by itself.
[assembly: Parallelization(Mode = ParallelMode.None)]
