using FocalSharp.Assignment;
using FocalSharp.Detections;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Optimization;
using FocalSharp.Training.Recipes;
using FocalSharp.Training.Tests.Runs.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.Training.Tests.Loop;

/// <summary>
/// Training on a device that is not the CPU. libtorch's device <c>meta</c> has shapes but no values: reading a value, copying a tensor to
/// the CPU and managed code on its memory all fail, so what passes here stays on the device.
/// </summary>
public sealed class OtherDeviceTests
{
    private static readonly Device Meta = Create();

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.AdamW)]
    public void A_step_neither_reads_tensors_nor_runs_managed_kernels_on_them(OptimizerKind kind)
    {
        using DisposeScope scope = NewDisposeScope();
        DetectorOptions options = TinyRecipe.Create().Model with { Classes = ["object"] };
        using GflDetector model = new(options);
        using GflDetector average = new(options);
        model.to(Meta);
        average.to(Meta);
        model.train();
        GroundTruth truth = new([8, 8, 40, 40], [0], 64, 64);

        Tensor images = model.Preprocess(new byte[2 * 3 * 64 * 64], 64, 64, [new ResizeTransform(64, 64, 1, 1), new ResizeTransform(48, 64, 1, 1)], Meta);
        HeadOutput output = model.call(images);
        using LossTerms losses = new GflCriterion(options.Head, options.Loss, options.Classes.Count).Compute(output, [truth, truth]);
        losses.Total().backward();
        using Optimizer optimizer = new(model, new OptimizerOptions { Kind = kind });
        optimizer.Step(0.01);
        new ExponentialMovingAverage(average, model, 0.99, 10).Update();

        Assert.All(model.parameters().Where(parameter => parameter.requires_grad), parameter => Assert.Equal(DeviceType.META, parameter.grad!.device_type));
        Assert.All(optimizer.GetState(), state => Assert.Equal(DeviceType.META, state.Value.device_type));
        Assert.Equal(DeviceType.META, losses.Total().device_type);
    }

    [Fact]
    public void Inference_with_folded_norms_stays_on_the_device()
    {
        using DisposeScope scope = NewDisposeScope();
        using GflDetector model = new(TinyRecipe.Create().Model with { Classes = ["object"] });
        model.to(Meta);
        model.eval();
        using IDisposable guard = no_grad();
        using IDisposable folded = model.FoldNorms();
        HeadOutput output = model.call(zeros(1, 3, 64, 64, device: Meta));
        Assert.All(output.Tensors, map => Assert.Equal(DeviceType.META, map.device_type));
    }

    private static Device Create()
    {
        LibTorch.EnsureLoaded();
        return device("meta");
    }
}
