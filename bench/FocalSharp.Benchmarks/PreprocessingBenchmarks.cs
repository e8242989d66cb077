using BenchmarkDotNet.Attributes;
using FocalSharp.Benchmarks.Support;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Benchmarks;

/// <summary>From a JPEG on disk to the network's input at 640 px, and its parts.</summary>
[MemoryDiagnoser]
public class PreprocessingBenchmarks
{
    private static readonly ResizeRule Rule = new() { LongSide = RandomWeightsModel.Side, ShortSide = RandomWeightsModel.Side };

    private readonly PixelBuffer _buffer = new();
    private byte[] _input = [];
    private ImageSize _size;
    private string _path = "";

    /// <summary>Size of the image.</summary>
    [Params("640x480", "1280x960", "1920x1080")]
    public string ImageName { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        _path = Photo.Jpeg(ImageName);
        ImageDecoder.DecodeInto(_buffer, _path);
        _size = Rule.GetPaddedSize(_buffer.Width, _buffer.Height);
        _input = new byte[_size.Width * _size.Height * 3];
    }

    [Benchmark]
    public int Decode()
    {
        ImageDecoder.DecodeInto(_buffer, _path);
        return _buffer.Width;
    }

    [Benchmark]
    public int Resize() => Rule.ResizeInto(_buffer.View, _input, _size).Width;

    [Benchmark(Baseline = true)]
    public int DecodeAndResize()
    {
        ImageDecoder.DecodeInto(_buffer, _path);
        return Rule.ResizeInto(_buffer.View, _input, _size).Width;
    }

    [Benchmark]
    public int DecodeAndResizeIntoNewImages() => Rule.Apply(ImageDecoder.Decode(_path)).Frame.Width;
}
