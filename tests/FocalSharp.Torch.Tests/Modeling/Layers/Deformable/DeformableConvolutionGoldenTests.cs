using System.Text.Json;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Layers.Deformable;
using FocalSharp.Torch.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Tests.Modeling.Layers.Deformable;

[Trait(GoldenData.Trait, GoldenData.Golden)]
public sealed class DeformableConvolutionGoldenTests
{
    [Theory]
    [InlineData(ScalarType.Float32, 2e-5)]
    [InlineData(ScalarType.Float64, 1e-12)]
    public void Output_and_gradients_equal_mmcvs(ScalarType type, double tolerance)
    {
        LibTorch.EnsureLoaded();
        foreach (GoldenCase golden in GoldenFile.Require("dcn", "op").Cases)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor input, Tensor offset, Tensor weight) = (golden.Leaf("input", type), golden.Leaf("offset", type), golden.Leaf("weight", type));
            Tensor? mask = golden.Has("mask") ? golden.Leaf("mask", type) : null;
            Tensor? bias = golden.Has("bias") ? golden.Leaf("bias", type) : null;
            DeformableShape shape = new()
            {
                Batch = (int)input.size(0),
                Channels = (int)input.size(1),
                OutChannels = (int)weight.size(0),
                Map = ((int)input.size(2), (int)input.size(3)),
                Kernel = ((int)weight.size(2), (int)weight.size(3)),
                Stride = Pair("stride"),
                Padding = Pair("padding"),
                Dilation = Pair("dilation"),
                Groups = golden.Integer("groups"),
                OffsetGroups = golden.Integer("deform_groups"),
            };
            Tensor output = DeformableConvolution.Compute(shape, input, offset, mask, weight, bias);
            (output * golden.Tensor("cotangent", type)).sum().backward();
            Compare("out", output);
            Compare("grad_input", input.grad);
            Compare("grad_offset", offset.grad);
            Compare("grad_weight", weight.grad);
            if (mask is not null)
            {
                Compare("grad_mask", mask.grad);
            }

            if (bias is not null)
            {
                Compare("grad_bias", bias.grad);
            }

            (int Y, int X) Pair(string name)
            {
                JsonElement pair = golden.Arguments.GetProperty(name);
                return (pair[0].GetInt32(), pair[1].GetInt32());
            }

            void Compare(string name, Tensor? actual) => CompareTo(golden, name, type, actual, tolerance);
        }
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float64)]
    public void A_layer_with_its_own_offsets_equals_mmcvs(ScalarType type)
    {
        LibTorch.EnsureLoaded();
        foreach (GoldenCase golden in GoldenFile.Require("dcn", "pack").Cases.Where(golden => golden.Integer("dilation") == 1 && golden.Integer("deform_groups") == 1))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor input = golden.Leaf("input", type);
            long[] shape = golden.Shape("weight");
            using ConvLayer layer = new(
                (int)input.size(1), (int)shape[0], (int)shape[2], golden.Integer("stride"), bias: false, golden.Integer("groups"), golden.Integer("version"));
            layer.to(type);
            Dictionary<string, Parameter> parameters = layer.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
            Assert.Equal(["conv_offset.bias", "conv_offset.weight", "weight"], parameters.Keys.Order(StringComparer.Ordinal));
            using (no_grad())
            {
                foreach ((string name, Parameter parameter) in parameters)
                {
                    parameter.copy_(golden.Tensor(name, type));
                }
            }

            Tensor output = layer.call(input);
            (output * golden.Tensor("cotangent", type)).sum().backward();
            double tolerance = type == ScalarType.Float32 ? 1e-4 : 1e-11;
            CompareTo(golden, "out", type, output, tolerance);
            CompareTo(golden, "grad_input", type, input.grad, tolerance);
            foreach ((string name, Parameter parameter) in parameters)
            {
                CompareTo(golden, $"grad_{name}", type, parameter.grad, tolerance);
            }
        }
    }

    // Where mmcv's gradient differs from torchvision's, mmcv's is the one to equal.
    private static void CompareTo(GoldenCase golden, string name, ScalarType type, Tensor? actual, double tolerance)
    {
        string suffix = type == ScalarType.Float64 ? "_f64" : "";
        string expected = golden.Has($"{name}_mmcv{suffix}") ? $"{name}_mmcv{suffix}" : name + suffix;
        golden.Compare("dcn", expected, actual, tolerance, floor: 1);
    }
}
