using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using FocalSharp.Benchmarks.Support;
using FocalSharp.Benchmarks.Table;
using FocalSharp.Benchmarks.Tiling;

switch (args)
{
    case ["model", string recipe, string variant, string path]:
        RandomWeightsModel.Write(recipe, variant, path);
        return 0;
    case ["table", .. string[] rest]:
        return BenchmarkTable.Run(rest);
    case ["tiles", string model, .. string[] rest]:
        return SmallObjectBenchmark.Run(model, rest is [string count, ..] ? int.Parse(count) : 24);
    default:
        // In this process: a benchmark project made by the tool would not bring libtorch's and ONNX Runtime's libraries.
        BenchmarkSwitcher.FromAssembly(typeof(BenchModels).Assembly).Run(
            args, DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(new InProcessEmitToolchain(logOutput: true)).WithMinIterationCount(10).WithMaxIterationCount(30)));
        return 0;
}
