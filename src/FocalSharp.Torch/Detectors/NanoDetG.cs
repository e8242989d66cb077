using FocalSharp.Datasets;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Necks;

namespace FocalSharp.Torch.Detectors;

/// <summary>
/// NanoDet-g (RangiLyu, Apache-2.0): a light GFL detector of 3.8 M parameters for GPUs and CPUs without depthwise convolutions; COCO AP
/// 22.9 at 416 px as published. The same net as <c>recipes/nanodet-g.yaml</c>, batch norm folded into the weights.
/// </summary>
public static class NanoDetG
{
    /// <summary>Side of the square that published weights were trained with, in pixels; images are stretched to it.</summary>
    public const int Size = 416;

    /// <summary>The detector as published, for COCO's 80 classes.</summary>
    public static DetectorOptions Options { get; } = new()
    {
        Classes = CocoClasses.Names,
        Backbone = new BackboneOptions { BaseChannels = 32, Csp = new CspOptions(), FrozenStages = -1, FrozenBatchNorm = false },
        Neck = new NeckOptions { Kind = NeckKind.Pan, Channels = 128, StartLevel = 1, Levels = 3 },
        Head = new HeadOptions
        {
            Channels = 128,
            StackedConvs = 1,
            OutputKernel = 1,
            Towers = HeadTowers.Shared,
            PerLevelWeights = true,
            Norm = NormKind.None,
            NegativeSlope = 0.1,
            RegMax = 10,
            Strides = [8, 16, 32],
            AnchorScale = 5,
            CenterOffset = 0.5,
        },
    };
}
