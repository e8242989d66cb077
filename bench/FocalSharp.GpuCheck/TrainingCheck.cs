using System.Diagnostics;
using FocalSharp.Synthetic;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;
using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

namespace FocalSharp.GpuCheck;

/// <summary>Trains the same network on the same images on two devices and compares the losses.</summary>
internal static class TrainingCheck
{
    /// <summary>Steps after which the network finds the objects of the scenes.</summary>
    public const int LongSteps = 120;

    /// <summary>Steps that are compared.</summary>
    public const int ShortSteps = 20;

    // Sums on a GPU have another order, so float32 differs in the last bits; each step multiplies the difference.
    private const double FirstTolerance = 1e-3;
    private const double LastTolerance = 0.05;

    public static (GflDetector Network, double[] Losses) Train(string device, Scenes scenes, int steps)
    {
        GflDetector network = new(
            new DetectorOptions
            {
                Classes = DemoDataset.Classes,
                Backbone = new ResNetOptions { Depth = 18, BaseChannels = 16, FrozenStages = -1, FrozenBatchNorm = false },
                Neck = new FpnOptions { Channels = 64 },
                Head = new GflHeadOptions { Channels = 64, StackedConvs = 1 },
            },
            seed: 1)
        { Precision = Precision.Float32 };
        Device target = torch.device(device);
        network.to(target);
        network.train();
        GflCriterion criterion = new(network.Head.Options, network.Options.Loss, network.Options.Classes.Count);
        using optim.Optimizer optimizer = optim.AdamW(network.parameters(), 1e-3);
        double[] losses = new double[steps];
        for (int step = 0; step < steps; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            using LossTerms terms = criterion.Compute(network.call(scenes.CreateInput(network, target)), scenes.Targets);
            Tensor loss = terms.Total();
            losses[step] = loss.item<float>();
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
        }

        return (network, losses);
    }

    public static CheckResult Compare(string device, Scenes scenes, double[] expected)
    {
        Train(device, scenes, 2).Network.Dispose(); // one-time costs
        long started = Stopwatch.GetTimestamp();
        (GflDetector network, double[] losses) = Train(device, scenes, ShortSteps);
        double milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds / ShortSteps;
        network.Dispose();
        double first = Math.Abs(losses[0] - expected[0]) / expected[0];
        double last = Math.Abs(losses[^1] - expected[ShortSteps - 1]) / expected[ShortSteps - 1];
        return new(
            first <= FirstTolerance && last <= LastTolerance,
            $"relative difference {first:0.0e0} at the first step (at most {FirstTolerance:0.0e0}), {last:0.0e0} at the last (at most {LastTolerance:0.0e0}), {milliseconds:0} ms per step of {Scenes.Count} images");
    }
}
