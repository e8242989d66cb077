using FocalSharp.Benchmarks.Support;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Runtime;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Onnx;
using FocalSharp.Training.Recipes;
using Microsoft.ML.OnnxRuntime;

namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>The light models as exported: from a JPEG in memory to boxes, compared with the bare session run of the same graph.</summary>
internal sealed class LightModelRows : IRowGroup
{
    private static readonly (string Name, DetectorOptions Options, int Side, ResizeMode Mode)[] Models =
    [
        ("NanoDet-g", RecipeBook.Load("nanodet-g").Model with { Classes = CocoClasses.Names }, 320, ResizeMode.Stretch),
        ("NanoDet-g", RecipeBook.Load("nanodet-g").Model with { Classes = CocoClasses.Names }, 416, ResizeMode.Stretch),
        ("NanoDet-Plus-m", NanoDetPlus.Create(1, 96, CocoClasses.Names), 320, ResizeMode.Warp),
        ("NanoDet-Plus-m", NanoDetPlus.Create(1, 96, CocoClasses.Names), 416, ResizeMode.Warp),
        ("NanoDet-Plus-m-1.5x", NanoDetPlus.Create(1.5, 128, CocoClasses.Names), 320, ResizeMode.Warp),
        ("NanoDet-Plus-m-1.5x", NanoDetPlus.Create(1.5, 128, CocoClasses.Names), 416, ResizeMode.Warp),
        .. new[] { ("PicoDet-XS (2022)", 416), ("PicoDet-S (2021)", 320), ("PicoDet-S (2021)", 416) }.Select(model => (
            model.Item1, PicoDet.Variants.Single(variant => variant.Name == model.Item1).ToOptions(CocoClasses.Names), model.Item2, ResizeMode.StretchBicubic)),
    ];

    /// <inheritdoc/>
    public string Name => "light";

    /// <inheritdoc/>
    public string Title => "Light models in ONNX Runtime (random weights, 80 classes), from a 640×480 JPEG in memory to boxes; reference: the bare session run";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkRow> Measure()
    {
        byte[] jpeg = File.ReadAllBytes(Photo.Jpeg("640x480"));
        RgbImage image = ImageDecoder.Decode(jpeg);
        foreach ((string name, DetectorOptions options, int side, ResizeMode mode) in Models)
        {
            using GflDetector detector = new(options, seed: 1);
            detector.eval();
            ResizeRule rule = new() { Mode = mode, LongSide = side, ShortSide = side };
            byte[] file = OnnxExporter.Export(
                detector, new OnnxExportOptions { Model = "light", Variant = ModelVariant.Detections, Resize = ResizeRuleSerializer.ToMetadata(rule) }).ToBytes();
            byte[] pixels = new byte[3 * side * side];
            rule.ResizeInto(image.View, pixels, new ImageSize(side, side));
            using Detector shipped = Detector.Load(file);
            using SessionOptions quiet = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            using InferenceSession session = new(file, quiet);
            using RunOptions run = new();
            using OrtIoBinding binding = session.CreateIoBinding();
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(pixels, [1, side, side, 3]);
            binding.BindInput("images", input);
            foreach (string output in session.OutputNames)
            {
                binding.BindOutputToDevice(output, OrtMemoryInfo.DefaultInstance);
            }

            (Timing whole, Timing bare, double[] ratios) = Timing.MeasureAlternating(() => shipped.Detect(jpeg), () => session.RunWithBinding(run, binding));
            double times = whole.Median / bare.Median;
            yield return new BenchmarkRow($"{name}, {side} px")
            {
                Ours = Units.Time(whole.Median),
                Reference = Units.Time(bare.Median),
                Ratio = $"**{times:0.00}×** of the bare run",
                Note = $"{ratios.Length} rounds",
                Numbers = new Dictionary<string, double> { ["ours_seconds"] = whole.Median, ["reference_seconds"] = bare.Median, ["share_of_bare"] = times },
            };
        }
    }
}
