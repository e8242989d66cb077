using BenchmarkDotNet.Attributes;
using FocalSharp.Benchmarks.Support;
using FocalSharp.Imaging;
using FocalSharp.Runtime;

namespace FocalSharp.Benchmarks;

/// <summary>
/// Decoding, selection and NMS inside the graph compared with managed code. The three files differ in nothing else. Threshold 0 passes the maximum of
/// 1000 candidates per level: the worst case.
/// </summary>
[MemoryDiagnoser]
public class PostprocessingBenchmarks
{
    private RgbImage _image = null!;
    private Detector _detections = null!;
    private Detector _candidates = null!;
    private Detector _raw = null!;
    private DetectOptions _options = null!;

    /// <summary>Scores at or below this are dropped.</summary>
    [Params(0, 0.05)]
    public double Threshold { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _image = Photo.Image("640x480");
        _options = new DetectOptions { ScoreThreshold = Threshold };
        _detections = Detector.Load(BenchModels.GetOrWrite("detections"));
        _candidates = Detector.Load(BenchModels.GetOrWrite("candidates"));
        _raw = Detector.Load(BenchModels.GetOrWrite("raw"));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _detections.Dispose();
        _candidates.Dispose();
        _raw.Dispose();
    }

    [Benchmark(Baseline = true)]
    public int InGraph() => _detections.Detect(_image, _options).Count;

    [Benchmark]
    public int ManagedNms() => _candidates.Detect(_image, _options).Count;

    [Benchmark]
    public int ManagedDecodingAndNms() => _raw.Detect(_image, _options).Count;
}
