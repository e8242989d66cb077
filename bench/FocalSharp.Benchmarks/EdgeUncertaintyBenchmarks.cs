using BenchmarkDotNet.Attributes;
using FocalSharp.Detections;

namespace FocalSharp.Benchmarks;

/// <summary>
/// Managed postprocessing of one 640x640 input with 80 classes: boxes and deviations only, with quantiles, and with whole distributions.
/// The differences between the rows are the cost of edge uncertainty.
/// </summary>
[MemoryDiagnoser]
public class EdgeUncertaintyBenchmarks
{
    private const int Classes = 80;
    private const int RegMax = 16;
    private static readonly int[] Strides = [8, 16, 32, 64, 128];
    private readonly DetectionDecoder _decoder = new(Classes, RegMax);
    private (float[] Scores, float[] Sides)[] _levels = [];

    /// <summary>Fraction of (location, class) pairs that pass the threshold: a sparse and a crowded image.</summary>
    [Params(0.0002, 0.002)]
    public double CandidateFraction { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        Random random = new(1);
        _levels = [.. Strides.Select(stride =>
        {
            int area = 640 / stride * (640 / stride);
            float[] scores = [.. Enumerable.Range(0, Classes * area).Select(_ => random.NextDouble() < CandidateFraction ? 4 * random.NextSingle() : -8)];
            float[] sides = [.. Enumerable.Range(0, 4 * (RegMax + 1) * area).Select(_ => 6 * random.NextSingle())];
            return (scores, sides);
        })];
    }

    [Benchmark(Baseline = true)]
    public int BoxesAndDeviations() => Decode(new PostprocessOptions { Quantiles = [] });

    [Benchmark]
    public int WithQuantiles() => Decode(new PostprocessOptions());

    [Benchmark]
    public int WithDistributions() => Decode(new PostprocessOptions { IncludeDistributions = true });

    private int Decode(PostprocessOptions options)
    {
        DetectionDecoding decoding = _decoder.Begin(new ResizeTransform(640, 640), options);
        foreach ((int stride, (float[] scores, float[] sides)) in Strides.Zip(_levels))
        {
            decoding.AddLevel(scores, sides, stride, 640 / stride, 640 / stride);
        }

        return decoding.Finish().Length;
    }
}
