using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Modeling.Layers;

public sealed class ConvLayerTests
{
    [Theory]
    [InlineData(20, 24, 3, 1, 9, 11)]
    [InlineData(32, 68, 3, 1, 9, 11)]
    [InlineData(96, 3, 3, 1, 9, 11)]
    [InlineData(3, 24, 7, 2, 32, 40)]
    [InlineData(24, 20, 3, 2, 9, 11)]
    [InlineData(32, 1, 1, 1, 9, 11)]
    [InlineData(256, 512, 1, 2, 17, 10)]
    [InlineData(256, 1024, 1, 1, 16, 20)]
    public void Output_and_gradients_equal_a_convolution_in_double_precision(
        int inChannels, int outChannels, int kernel, int stride, int height, int width)
    {
        LibTorch.EnsureLoaded();
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(1);
        using ConvLayer layer = new(inChannels, outChannels, kernel, stride);
        Initialization.Normal(layer.Weight, 1, generator);
        Initialization.Normal(layer.Bias!, 1, generator);
        Tensor input = empty(2, inChannels, height, width);
        Initialization.Normal(input, 1, generator);

        // Unfold and multiply: no convolution kernel takes part.
        Tensor x = input.to(ScalarType.Float64).requires_grad_();
        Tensor w = layer.Weight.detach().to(ScalarType.Float64).requires_grad_();
        Tensor columns = nn.functional.unfold(x, kernel, 1, kernel / 2, stride);
        Tensor expected = w.flatten(1).matmul(columns) + layer.Bias!.detach().to(ScalarType.Float64).unsqueeze(1);
        Tensor cotangent = randn_like(expected);
        (expected * cotangent).sum().backward();

        foreach ((Precision precision, bool channelsLast, double tolerance) in new[]
        {
            (Precision.Float32, false, 1e-5), (Precision.Float32, true, 1e-5), (Precision.BFloat16, false, 2e-2), (Precision.BFloat16, true, 2e-2),
        })
        {
            Tensor leaf = channelsLast ? input.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2) : input;
            leaf = leaf.detach().requires_grad_();
            layer.zero_grad();
            leaf.grad?.zero_();
            Tensor actual;
            using (Autocast.Enter(precision))
            {
                actual = layer.call(leaf);
            }

            Assert.Equal(precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32, actual.dtype);
            (actual.to(ScalarType.Float64).flatten(2) * cotangent).sum().backward();
            Assert.Equal(ScalarType.Float32, layer.Weight.grad!.dtype);
            Close(expected, actual.flatten(2), tolerance);
            Close(x.grad!, leaf.grad!, tolerance);
            Close(w.grad!, layer.Weight.grad!, tolerance);
        }
    }

    [Fact]
    public void Survives_a_change_of_type()
    {
        using ConvLayer layer = new(3, 4, 3);
        layer.to(ScalarType.Float64);
        using Tensor input = ones([1, 3, 4, 4], ScalarType.Float64);
        using Tensor output = layer.call(input);
        Assert.Equal(ScalarType.Float64, output.dtype);
        Assert.Same(layer.Weight, layer.parameters().First());
    }

    private static void Close(Tensor expected, Tensor actual, double tolerance)
    {
        double deviation = ((actual - expected).abs().max() / expected.abs().max()).to(ScalarType.Float64).item<double>();
        Assert.InRange(deviation, 0, tolerance);
    }
}
