// A detector that trains with losses of its own: a binary cross-entropy for the classes, and a smooth L1 distance for the boxes.
using FocalSharp.Assignment;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;
using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

// Register the kinds: recipes (loss: { classification: crossEntropy, box: { kind: smoothL1, beta: 0.5 } }) can name them from here on.
ClassificationLosses.Register(new CrossEntropyOptions(), _ => new CrossEntropy());
BoxLosses.Register(new SmoothL1Options(), options => new SmoothL1(options.Beta));

using GflDetector detector = new(new DetectorOptions
{
    Classes = ["square"],
    Backbone = new ResNetOptions { Depth = 18, BaseChannels = 16, FrozenStages = -1, FrozenBatchNorm = false },
    Neck = new FpnOptions { Channels = 32, Levels = 3 },
    Head = new GflHeadOptions { Channels = 32, StackedConvs = 1, Strides = [8, 16, 32] },
    Loss = new GflLossOptions { Classification = new CrossEntropyOptions(), Box = new SmoothL1Options { Beta = 0.5 }, BoxWeight = 1 },
});
GflCriterion criterion = new(detector.Head.Options, detector.Options.Loss, classes: 1);
using optim.Optimizer optimizer = optim.AdamW(detector.parameters(), lr: 0.002);

byte[] pixels = new byte[3 * 96 * 96];
for (int i = 0; i < pixels.Length; i++)
{
    pixels[i] = (byte)(i % 96 is >= 24 and < 72 && i / 96 % 96 is >= 24 and < 72 ? 220 : 40);
}

using Tensor images = tensor(pixels, [1, 3, 96, 96], ScalarType.Byte);
GroundTruth[] truth = [new([24, 24, 72, 72], [0], 96, 96)];
for (int step = 1; step <= 40; step++)
{
    using FinalizerPause pause = FinalizerPause.Begin();
    using DisposeScope scope = NewDisposeScope();
    optimizer.zero_grad();
    using HeadOutput output = detector.call(detector.Preprocess(images));
    using LossTerms losses = criterion.Compute(output, truth);
    using Tensor total = losses.Total();
    total.backward();
    optimizer.step();
    Console.Write(step % 10 == 0 ? $"step {step}: classification {losses.Classification.item<float>():F3}, box {losses.Box.item<float>():F3}\n" : "");
}

/// <summary>Options without settings; Kind is the name in recipes.</summary>
internal sealed record CrossEntropyOptions : ClassificationLossOptions
{
    public override string Kind => "crossEntropy";
}

/// <summary>Options of the box loss.</summary>
internal sealed record SmoothL1Options : BoxLossOptions
{
    public override string Kind => "smoothL1";

    public double Beta { get; init; } = 1;
}

/// <summary>Binary cross-entropy against the IoU of positives, and against 0 elsewhere.</summary>
internal sealed class CrossEntropy : IClassificationLoss
{
    public Tensor Compute(Tensor scores, Tensor qualities, Tensor positives, bool scoresAreProbabilities) =>
        nn.functional.binary_cross_entropy_with_logits(scores, qualities, reduction: nn.Reduction.None);
}

/// <summary>Smooth L1 distance of the four edges, in strides.</summary>
internal sealed class SmoothL1(double beta) : IBoxLoss
{
    public Tensor Compute(Tensor prediction, Tensor target) =>
        nn.functional.smooth_l1_loss(prediction, target, nn.Reduction.None, beta).sum(1);
}
