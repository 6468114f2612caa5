using Xunit.v3;

// Drills and deployments wait for most of their time; two at a time are no more than small machines can do.
[assembly: Parallelization(MaxThreads = 2)]
