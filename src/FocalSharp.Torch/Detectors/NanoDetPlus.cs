using FocalSharp.Datasets;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Necks;

namespace FocalSharp.Torch.Detectors;

/// <summary>
/// NanoDet-Plus (RangiLyu, Apache-2.0): light GFL detectors of depthwise convolutions with four levels; published COCO AP 27.0 to
/// 34.1. The same networks as <c>recipes/nanodet-plus-m.yaml</c> and, with 128 channels and width 1.5, NanoDet-Plus-m-1.5x.
/// </summary>
internal static class NanoDetPlus
{
    /// <summary>Gets the options of NanoDet-Plus-m for COCO's 80 classes.</summary>
    public static DetectorOptions Options { get; } = Create(width: 1, channels: 96, CocoClasses.Names);

    internal static GflHeadOptions Head => new()
    {
        StackedConvs = 2,
        Kernel = 5,
        OutputKernel = 1,
        Towers = HeadTowers.Shared,
        PerLevelWeights = true,
        Depthwise = true,
        Norm = NormKind.Batch,
        NegativeSlope = 0.1,
        RegMax = 7,
        Strides = [8, 16, 32, 64],
        AnchorScale = 5,
        CenterOffset = 0,
    };

    /// <summary>Returns the options of a variant.</summary>
    /// <param name="width">Width of the ShuffleNetV2: 0.5, 1, 1.5 or 2.</param>
    /// <param name="channels">Channels of neck and head (m: 96; m-1.5x: 128).</param>
    /// <param name="classes">Class names.</param>
    public static DetectorOptions Create(double width, int channels, IReadOnlyList<string> classes) => new()
    {
        Classes = classes,
        Backbone = new ShuffleNetV2Options { Width = width },
        Neck = new GhostPanOptions { Channels = channels },
        Head = Head with { Channels = channels },
    };
}
