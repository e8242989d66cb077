using FocalSharp.Datasets;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>Forward and backward pass of the light networks in training, fused and with libtorch's operators, in each precision that the CPU has.</summary>
internal sealed class LightTrainingRows : IRowGroup
{
    private const int Batch = 8;
    private const int Side = 416;

    private static readonly (string Name, DetectorOptions Options)[] Models =
    [
        ("NanoDet-Plus-m", NanoDetPlus.Create(1, 96, CocoClasses.Names)),
        ("PicoDet-XS (2022)", Pico("PicoDet-XS (2022)")),
        ("PicoDet-S (2021)", Pico("PicoDet-S (2021)")),
        ("NanoDet-g", RecipeBook.Load("nanodet-g").Model with { Classes = CocoClasses.Names }),
    ];

    /// <inheritdoc/>
    public string Name => "lightTraining";

    /// <inheritdoc/>
    public string Title => $"Light networks in training: forward and backward pass of {Batch} images of {Side} px; reference: libtorch's operators in the same precision";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkRow> Measure()
    {
        foreach (Precision precision in PrecisionSupport.HasNativeBFloat16 ? new[] { Precision.BFloat16, Precision.Float32 } : [Precision.Float32])
        {
            foreach ((string name, DetectorOptions options) in Models)
            {
                using DisposeScope scope = NewDisposeScope();
                using Generator generator = new(1);
                Tensor pixels = randn([Batch, 3, Side, Side], generator: generator);
                using GflDetector fused = new(options, seed: 1) { Precision = precision };
                using GflDetector composed = new(options, seed: 1) { Precision = precision, UseFusedKernels = false };
                double deviation = Deviation(fused, composed, pixels, precision);
                yield return BenchmarkComparison.Row(
                    $"{name}, {precision}",
                    () => Step(fused, pixels),
                    () => Step(composed, pixels),
                    name == "NanoDet-g" ? null : 1.5,
                    deviation,
                    note: name == "NanoDet-g" && precision == Precision.Float32 ? "no depthwise convolutions: both are libtorch's operators" : "");
            }
        }
    }

    private static void Step(GflDetector detector, Tensor pixels)
    {
        using DisposeScope scope = NewDisposeScope();
        using HeadOutput output = detector.call(pixels);
        Tensor loss = zeros(1);
        foreach (Tensor map in output.Tensors)
        {
            loss += map.square().mean();
        }

        loss.backward();
        detector.zero_grad();
    }

    private static double Deviation(GflDetector fused, GflDetector composed, Tensor pixels, Precision precision)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable guard = no_grad();
        using HeadOutput actual = fused.call(pixels);
        using HeadOutput expected = composed.call(pixels);
        double worst = actual.Tensors.Zip(expected.Tensors, (a, e) => (double)((a - e).abs().max() / e.abs().max()).item<float>()).Max();
        double tolerance = precision == Precision.Float32 ? 1e-4 : 0.1;
        return worst <= tolerance
            ? worst
            : throw new InvalidOperationException($"The fused network's outputs deviate by {worst:0.0e0}, more than {tolerance:0e0}.");
    }

    private static DetectorOptions Pico(string name) => PicoDet.Variants.Single(variant => variant.Name == name).ToOptions(CocoClasses.Names);
}
