// A detector with a backbone of its own: plain convolutions with stride 2. Trains a few steps on a drawn square.
using FocalSharp.Assignment;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Losses;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Necks;
using FocalSharp.Torch.Native;
using TorchSharp;
using static TorchSharp.torch;

// Register the kind: options, model files and recipes (backbone: { kind: plain, channels: 32 }) can name it from here on.
Backbones.Register(new PlainOptions(), (options, generator) => new PlainBackbone(options, generator));

using GflDetector detector = new(new DetectorOptions
{
    Classes = ["square"],
    Backbone = new PlainOptions { Channels = 32 },
    Neck = new FpnOptions { Channels = 32, Levels = 3 },
    Head = new GflHeadOptions { Channels = 32, StackedConvs = 1, Strides = [8, 16, 32] },
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
    Console.Write(step % 10 == 0 ? $"step {step}: loss {total.item<float>():F3}, {losses.Positives} positives\n" : "");
}

/// <summary>The options; Kind is the name in recipes.</summary>
internal sealed record PlainOptions : BackboneOptions
{
    public override string Kind => "plain";

    public int Channels { get; init; } = 16;
}

/// <summary>Five convolutions with stride 2 and ReLU; the outputs of the last four are the features at strides 4 to 32.</summary>
internal sealed class PlainBackbone : Backbone
{
    private readonly ConvLayer[] _convs;

    public PlainBackbone(PlainOptions options, Generator generator)
        : base(nameof(PlainBackbone))
    {
        _convs = [.. Enumerable.Range(0, 5).Select(i => new ConvLayer(i == 0 ? 3 : options.Channels, options.Channels, kernel: 3, stride: 2))];
        OutChannels = [.. _convs.Skip(1).Select(_ => options.Channels)];
        register_module("convs", nn.ModuleList(_convs));
        using IDisposable guard = no_grad();
        Array.ForEach(_convs, conv => conv.Weight.normal_(0, Math.Sqrt(2.0 / (9 * options.Channels)), generator));
    }

    public override IReadOnlyList<int> OutChannels { get; }

    public override bool SupportsBFloat16 => true; // consists of ConvLayer only

    public override IReadOnlyList<Tensor> forward(Tensor input)
    {
        Tensor x = _convs[0].call(input).relu();
        return [.. _convs.Skip(1).Select(conv => x = conv.call(x).relu())];
    }
}
