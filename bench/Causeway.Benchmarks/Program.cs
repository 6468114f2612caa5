using BenchmarkDotNet.Running;
using Causeway.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(FrameCounterBenchmarks).Assembly).Run(args);
