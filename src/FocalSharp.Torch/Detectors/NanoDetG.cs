using FocalSharp.Datasets;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Necks;

namespace FocalSharp.Torch.Detectors;

/// <summary>
/// NanoDet-g (RangiLyu, Apache-2.0): a light GFL detector of 3.8 M parameters for GPUs and CPUs without fast depthwise
/// convolutions; published COCO AP 22.9 at 416 px. The same network as <c>recipes/nanodet-g.yaml</c>, with batch norm folded into
/// the weights.
/// </summary>
internal static class NanoDetG
{
    /// <summary>Side of the square input of the published weights, in pixels; images are stretched to it.</summary>
    public const int Size = 416;

    /// <summary>Gets the options of the published detector, for COCO's 80 classes.</summary>
    public static DetectorOptions Options { get; } = new()
    {
        Classes = CocoClasses.Names,
        Backbone = Backbone,
        Neck = new PanOptions { Channels = 128, StartLevel = 1, Levels = 3 },
        Head = Head,
    };

    internal static CspNetOptions Backbone => new();

    internal static GflHeadOptions Head => new()
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
    };
}
