using FocalSharp.Benchmarks.Support;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Models;
using FocalSharp.Models.Export;
using FocalSharp.Runtime;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Native;
using FocalSharp.Torch.Onnx;
using FocalSharp.Torch.Onnx.Quantization;
using FocalSharp.Training.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>From an image in memory to boxes: libtorch with and without folded norms, in bfloat16, and the exported file in ONNX Runtime.</summary>
internal sealed class InferenceRows : IRowGroup
{
    private static readonly int[] Sides = [320, 640];

    /// <inheritdoc/>
    public string Name => "inference";

    /// <inheritdoc/>
    public string Title => "From a decoded image to boxes (recipe gfl-lite, random weights, 80 classes); reference: libtorch in float32 without folded norms";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkRow> Measure()
    {
        foreach (int side in Sides)
        {
            DetectorOptions options = RecipeBook.Load("gfl-lite").Model with { Classes = [.. Enumerable.Range(0, 80).Select(i => $"class {i}")] };
            using GflDetector detector = new(options, seed: 1);
            using GflDetector folded = new(options, seed: 1);
            ResizeRule rule = new() { LongSide = side, ShortSide = side };
            RgbImage image = ImageDecoder.Decode(SyntheticScenes.All.Images[0].Path);
            HeadDecoder decoder = new(detector.Options.Head, 80);
            folded.eval();
            using IDisposable open = folded.FoldNorms();
            using TorchDetector weights = new(folded, rule);
            detector.eval();
            void Plain()
            {
                using IDisposable guard = no_grad();
                using DisposeScope scope = NewDisposeScope();
                (RgbImage resized, ResizeTransform frame) = rule.Apply(image);
                ImageSize size = rule.GetPaddedSize(image.Width, image.Height);
                byte[] pixels = new byte[3 * size.Width * size.Height];
                ChwPacking.Write(resized, pixels, size.Width, size.Height);
                Tensor input = detector.Preprocess(tensor(pixels, [1, 3, size.Height, size.Width], ScalarType.Byte), [frame]);
                decoder.Decode(detector.call(input), [frame], detector.Options.Postprocess);
            }

            yield return Compare($"{side} px: libtorch, float32, norms folded", () => weights.Detect(image), Plain);
            folded.Precision = Precision.BFloat16;
            yield return Compare($"{side} px: libtorch, bfloat16, norms folded", () => weights.Detect(image), Plain);
            OnnxModel file = OnnxExporter.Export(detector, new OnnxExportOptions { Model = "gfl-lite", Variant = ModelVariant.Detections, Resize = ResizeRuleSerializer.ToMetadata(rule) });
            using (Detector runtime = Detector.Load(file.ToBytes()))
            {
                yield return Compare($"{side} px: ONNX Runtime, float32", () => runtime.Detect(ImageSource.FromImage(image)), Plain);
            }

            using Detector small = Detector.Load(Quantized(file, rule).ToBytes());
            yield return Compare($"{side} px: ONNX Runtime, INT8", () => small.Detect(ImageSource.FromImage(image)), Plain);
        }
    }

    private static BenchmarkRow Compare(string name, Action ours, Action reference)
    {
        (Timing mine, Timing theirs, double[] ratios) = Timing.MeasureAlternating(ours, reference);
        double ratio = theirs.Median / mine.Median;
        return new BenchmarkRow(name)
        {
            Ours = Units.Time(mine.Median),
            Reference = Units.Time(theirs.Median),
            Ratio = $"**{ratio:0.0}×** ({ratios[ratios.Length / 10]:0.0}–{ratios[ratios.Length - 1 - (ratios.Length / 10)]:0.0})",
            Numbers = new Dictionary<string, double> { ["ours_seconds"] = mine.Median, ["reference_seconds"] = theirs.Median, ["ratio"] = ratio },
        };
    }

    private static OnnxModel Quantized(OnnxModel file, ResizeRule rule)
    {
        IReadOnlyList<DatasetImage> some = [.. SyntheticScenes.All.Images.Take(4)];
        IReadOnlyDictionary<string, FeatureHistogram> histograms = Calibrator.MeasureRanges(file, some, rule);
        return OnnxQuantizer.Quantize(file, histograms.ToDictionary(pair => pair.Key, pair => pair.Value.ComputeRange(CalibrationMethod.Percentile)));
    }
}
