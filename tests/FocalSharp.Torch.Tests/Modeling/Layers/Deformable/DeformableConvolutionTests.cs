using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Layers.Deformable;
using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Modeling.Layers.Deformable;

public sealed class DeformableConvolutionTests : IDisposable
{
    private readonly DisposeScope _scope;
    private readonly Generator _generator;

    public DeformableConvolutionTests()
    {
        LibTorch.EnsureLoaded();
        _scope = NewDisposeScope();
        _generator = new Generator(3);
    }

    public void Dispose()
    {
        _scope.Dispose();
        _generator.Dispose();
    }

    // 70x66 locations of 64 channels take three tiles.
    [Theory]
    [InlineData(64, 48, 1, 1, 1)]
    [InlineData(64, 64, 4, 1, 1)]
    [InlineData(64, 64, 4, 2, 2)]
    [InlineData(20, 24, 1, 2, 2)]
    public void Starts_as_the_ordinary_convolution_and_with_a_mask_as_half_of_it(int inChannels, int outChannels, int groups, int stride, int version)
    {
        using ConvLayer deformable = new(inChannels, outChannels, 3, stride, bias: false, groups, version);
        Initialization.Normal(deformable.Weight, 0.1, _generator);
        Tensor input = empty(2, inChannels, 70, 66);
        Initialization.Normal(input, 1, _generator);
        Tensor x = input.to(float64).requires_grad_();
        Tensor weight = deformable.Weight.detach().to(float64).requires_grad_();
        Tensor expected = nn.functional.conv2d(x, weight, null!, [stride, stride], [1, 1], groups: groups) * (version == 1 ? 1 : 0.5);
        Tensor cotangent = randn_like(expected);
        (expected * cotangent).sum().backward();

        foreach ((Precision precision, double tolerance) in new[] { (Precision.Float32, 1e-5), (Precision.BFloat16, 2e-2) })
        {
            Tensor leaf = input.detach().clone().requires_grad_();
            deformable.zero_grad();
            Tensor actual;
            using (Autocast.Enter(precision))
            {
                actual = deformable.call(leaf);
            }

            (actual.to(float64) * cotangent).sum().backward();
            Close(expected, actual, tolerance);
            Close(x.grad!, leaf.grad!, tolerance);
            Close(weight.grad!, deformable.Weight.grad!, tolerance);
        }
    }

    [Fact]
    public void Samples_where_the_offsets_point_to()
    {
        Tensor input = empty(1, 1, 5, 6);
        Initialization.Normal(input, 1, _generator);
        DeformableShape shape = new() { Batch = 1, Channels = 1, OutChannels = 1, Map = (5, 6), Kernel = (1, 1) };

        // One pixel down and half a pixel to the right, at half the value.
        Tensor offsets = stack([ones(5, 6), full([5, 6], 0.5)], 0).unsqueeze(0);
        Tensor actual = DeformableConvolution.Compute(shape, input, offsets, full([1, 1, 5, 6], 0.5), ones(1, 1, 1, 1), tensor([3f]));
        Tensor right = nn.functional.pad(input, [0, 1, 0, 1]);
        Tensor expected = (((right.narrow(2, 1, 5).narrow(3, 0, 6) + right.narrow(2, 1, 5).narrow(3, 1, 6)) / 2) * 0.5) + 3;
        Close(expected, actual, 1e-6);
    }

    private static void Close(Tensor expected, Tensor actual, double tolerance)
    {
        double deviation = ((actual - expected).abs().max() / expected.abs().max()).to(float64).item<double>();
        Assert.InRange(deviation, 0, tolerance);
    }
}
