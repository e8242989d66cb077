using FocalSharp.Benchmarks.Table.References;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Layers.Deformable;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>
/// Deformable convolutions of the official backbones at 800x1344, forward and backward: against the composition of libtorch's operators, and against an ordinary
/// convolution of the same shape.
/// </summary>
internal sealed class DeformableRows : IRowGroup
{
    // Both compute in float32; the composition rounds its coordinates to 10⁻⁵ pixels.
    private const double Tolerance = 1e-3;

    /// <inheritdoc/>
    public string Name => "deformable";

    /// <inheritdoc/>
    public string Title => "Deformable convolutions, version 2, forward and backward";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkRow> Measure()
    {
        foreach ((string name, int channels, int groups, int height, int width) in new[]
        {
            ("R-101 c3", 128, 1, 100, 168), ("R-101 c4", 256, 1, 50, 84), ("R-101 c5", 512, 1, 25, 42), ("X-101 c4", 512, 32, 50, 84),
        })
        {
            yield return Compare($"{name}, {channels}×{height}×{width}: grid_sample", channels, groups, height, width, composed: true);
            yield return Compare($"{name}, {channels}×{height}×{width}: ordinary 3×3", channels, groups, height, width, composed: false);
        }
    }

    private static BenchmarkRow Compare(string name, int channels, int groups, int height, int width, bool composed)
    {
        manual_seed(1);
        using DisposeScope scope = NewDisposeScope();
        Tensor map = randn(1, channels, height, width).requires_grad_();
        Tensor offsets = (randn(1, 18, height, width) * 2).requires_grad_();
        Tensor mask = rand(1, 9, height, width).requires_grad_();
        Tensor weight = (randn(channels, channels / groups, 3, 3) / Math.Sqrt(9.0 * channels / groups)).requires_grad_();
        Tensor cotangent = randn(1, channels, height, width);
        DeformableShape shape = new()
        {
            Batch = 1,
            Channels = channels,
            OutChannels = channels,
            Map = (height, width),
            Kernel = (3, 3),
            Padding = (1, 1),
            Groups = groups,
        };
        using ConvLayer ordinary = new(channels, channels, 3, 1, bias: false, groups);
        Func<Tensor> ours = () => DeformableConvolution.Compute(shape, map, offsets, mask, weight, null);
        Func<Tensor> reference = composed
            ? () => ComposedDeformableConvolution.Compute(map, offsets, mask, weight, stride: 1, groups)
            : () => ordinary.call(map);
        double deviation = composed ? Deviation() : 0;
        return BenchmarkComparison.Row(
            name,
            () => Run(ours, [map, offsets, mask, weight]),
            () => Run(reference, composed ? [map, offsets, mask, weight] : [map, ordinary.Weight]),
            composed ? 3 : 1.0 / 3,
            deviation);

        void Run(Func<Tensor> forward, Tensor[] inputs)
        {
            using DisposeScope inner = NewDisposeScope();
            autograd.grad([forward()], inputs, [cotangent]);
        }

        double Deviation()
        {
            using DisposeScope inner = NewDisposeScope();
            Tensor expected = reference();
            double worst = ((ours() - expected).abs().max() / expected.abs().max()).item<float>();
            return worst <= Tolerance ? worst : throw new InvalidOperationException($"FocalSharp and the composition differ by {worst:0.0e0}, more than {Tolerance:0e0}.");
        }
    }
}
