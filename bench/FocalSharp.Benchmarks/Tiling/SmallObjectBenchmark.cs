using System.Diagnostics;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Detections.Tiling;
using FocalSharp.Evaluation.Coco;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Runtime;
using FocalSharp.Synthetic;

namespace FocalSharp.Benchmarks.Tiling;

/// <summary>
/// Evaluates a model of the demo's classes on large scenes with many small objects, with and without tiles, and measures the memory of a
/// 6000x4000 image.
/// </summary>
internal static class SmallObjectBenchmark
{
    private const int Side = 2048;

    /// <summary>Objects of 26 to 128 pixels, the sizes of the demo's own scenes of 256 pixels.</summary>
    private static readonly SceneOptions Scenes = new() { ImageSize = Side, MaxObjects = 80, MinObjectSize = 26f / Side, MaxObjectSize = 128f / Side };

    public static int Run(string model, int images)
    {
        string folder = Path.Combine(Path.GetTempPath(), "focalsharp-bench", $"small-objects-{images}");
        DetectionDataset dataset = DemoDataset.Create(folder, new DemoOptions { TrainImages = 1, ValImages = images, Scenes = Scenes }).Select(DatasetSplit.Val);
        using Detector detector = Detector.Load(model);
        if (!detector.Classes.SequenceEqual(dataset.Classes, StringComparer.Ordinal))
        {
            Console.Error.WriteLine($"{model}: the classes are not the demo's; export a model trained by 'focalsharp train demo'.");
            return 1;
        }

        detector.WarmUp();
        Console.WriteLine($"{images} scenes of {Side}x{Side}, {dataset.ObjectCount} objects of 26 to 128 px; {detector.Model.Name}, input {detector.Model.Resize.NativeSide} px");
        Console.WriteLine("| | AP | AP50 | AP small | AP medium | AR | ms per image |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        EvaluateWith("whole image", null);
        EvaluateWith("tiles", new TileOptions());
        EvaluateWith("tiles, overlap 0.4", new TileOptions { Overlap = 0.4 });
        EvaluateWith("tiles without the whole image", new TileOptions { WholeImage = false });
        Large(detector, folder);
        return 0;

        void EvaluateWith(string name, TileOptions? tiles)
        {
            Stopwatch watch = Stopwatch.StartNew();
            DetectOptions options = new() { ScoreThreshold = 0.05, Tiles = tiles };
            Detection[][] detections = [.. dataset.Images.Select(image => detector.Detect(image.Path, options).ToArray())];
            double milliseconds = watch.Elapsed.TotalMilliseconds / images;
            CocoMetrics metrics = CocoEvaluator.Evaluate(dataset, detections);
            Console.WriteLine(
                $"| {name} | {metrics.AP:0.000} | {metrics.AP50:0.000} | {metrics.APs:0.000} | {metrics.APm:0.000} | {metrics.AR100:0.000} | {milliseconds:0} |");
        }
    }

    private static void Large(Detector detector, string folder)
    {
        string path = Path.Combine(folder, "large.jpg");
        WriteLarge(path);
        using Process process = Process.GetCurrentProcess();
        long before = process.PeakWorkingSet64;
        Stopwatch watch = Stopwatch.StartNew();
        int count = detector.Detect(path, new DetectOptions { Tiles = new TileOptions() }).Count;
        watch.Stop();
        process.Refresh();
        Console.WriteLine(
            $"6000x4000: {TileGrid.Create(6000, 4000, new TileOptions(), detector.Model.Resize.NativeSide).Count} tiles, {count} detections, {watch.Elapsed.TotalSeconds:0.0} s, "
            + $"peak memory {before >> 20} -> {process.PeakWorkingSet64 >> 20} MiB");
    }

    private static void WriteLarge(string path)
    {
        RgbImage scene = new SceneGenerator(Scenes).Render(0, DatasetSplit.Val).Image;
        RgbImage large = new(6000, 4000);
        for (int y = 0; y < large.Height; y++)
        {
            for (int x = 0; x < large.Width; x += Side)
            {
                scene.Row(y % Side)[..(Math.Min(Side, large.Width - x) * 3)].CopyTo(large.Row(y)[(x * 3)..]);
            }
        }

        ImageEncoder.SaveJpeg(large, path, 90);
    }
}
