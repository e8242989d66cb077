using BenchmarkDotNet.Attributes;
using FocalSharp.Benchmarks.Support;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Runtime;
using Microsoft.ML.OnnxRuntime;

namespace FocalSharp.Benchmarks;

/// <summary>
/// From a JPEG on disk to boxes, compared with the bare session run of the same graph on the same input (column Ratio; target: at most 1.25
/// at 640 px), with the allocations of each call.
/// </summary>
[MemoryDiagnoser]
public class EndToEndBenchmarks : IDisposable
{
    private Detector _detector = null!;
    private string _path = "";
    private byte[] _encoded = [];
    private InferenceSession _session = null!;
    private OrtIoBinding _binding = null!;
    private RunOptions _run = null!;
    private OrtValue _input = null!;

    /// <summary>Size of the image.</summary>
    [Params("640x480", "1280x960")]
    public string ImageName { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        string model = BenchModels.Detections;
        _detector = Detector.Load(model);
        _path = Photo.Jpeg(ImageName);
        _encoded = File.ReadAllBytes(_path);

        ResizeRule rule = _detector.Model.Resize;
        Imaging.RgbImage image = ImageDecoder.Decode(_path);
        ImageSize size = rule.GetPaddedSize(image.Width, image.Height);
        byte[] pixels = new byte[size.Width * size.Height * 3];
        rule.ResizeInto(image.View, pixels, size);
        _session = new InferenceSession(model);
        _run = new RunOptions();
        _input = OrtValue.CreateTensorValueFromMemory(pixels, [1, size.Height, size.Width, 3]);
        _binding = _session.CreateIoBinding();
        _binding.BindInput("images", _input);
        foreach (string output in _session.OutputNames)
        {
            _binding.BindOutputToDevice(output, OrtMemoryInfo.DefaultInstance);
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _detector.Dispose();
        _binding.Dispose();
        _input.Dispose();
        _run.Dispose();
        _session.Dispose();
    }

    [Benchmark(Baseline = true)]
    public void BareSessionRun() => _session.RunWithBinding(_run, _binding);

    [Benchmark]
    public int JpegOnDiskToBoxes() => _detector.Detect(_path).Count;

    [Benchmark]
    public int JpegInMemoryToBoxes() => _detector.Detect(_encoded).Count;
}
