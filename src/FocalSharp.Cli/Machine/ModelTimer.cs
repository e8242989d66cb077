using System.Diagnostics;
using FocalSharp.Datasets;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Models;
using FocalSharp.Models.Export;
using FocalSharp.Runtime;
using FocalSharp.Synthetic;
using FocalSharp.Torch.Onnx;

namespace FocalSharp.Cli.Machine;

/// <summary>Measures how long models take on this machine: from a 640x480 JPEG in memory to boxes, exported and in ONNX Runtime.</summary>
internal sealed class ModelTimer
{
    private const int Warmup = 5;
    private const int Runs = 31;
    private const int Width = 640;
    private const int Height = 480;

    private readonly byte[] _jpeg = CreateJpeg();

    /// <summary>Returns the median time of a detector in milliseconds.</summary>
    /// <param name="weights">The weights file.</param>
    /// <param name="cancellationToken">Cancels the work between runs.</param>
    public double Measure(string weights, CancellationToken cancellationToken)
    {
        byte[] file;
        using (TorchDetector model = TorchDetector.Load(weights))
        {
            file = OnnxExporter.Export(model.Network, OnnxExport.CreateOptions(model, new ExportRequest { Output = weights })).ToBytes();
        }

        using Detector detector = Detector.Load(file);
        double[] times = new double[Runs];
        for (int i = -Warmup; i < Runs; i++)
        {
            long started = Stopwatch.GetTimestamp();
            detector.Detect(_jpeg, cancellationToken: cancellationToken);
            times[Math.Max(i, 0)] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        return times.Order().ElementAt(Runs / 2);
    }

    private static byte[] CreateJpeg()
    {
        RgbImage scene = new SceneGenerator(new SceneOptions { ImageSize = Width, MaxObjects = 12 }).Render(0, DatasetSplit.Val).Image;
        using MemoryStream stream = new();
        ImageEncoder.SaveJpeg(BilinearResizer.Resize(scene, Width, Height), stream, quality: 90);
        return stream.ToArray();
    }
}
