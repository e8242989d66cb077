using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Necks;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>Infers the options of NanoDet-Plus and its variants from names and shapes.</summary>
internal static class NanoDetPlusArchitecture
{
    /// <summary>A weight that only a ShuffleNetV2 has.</summary>
    public const string BackboneWeight = "backbone.stage2.0.branch1.0.weight";

    /// <summary>A weight that only a Ghost-PAN has.</summary>
    public const string NeckWeight = "neck.reduce_layers.0.conv.weight";

    public static ShuffleNetV2Options Backbone(WeightShapes shapes)
    {
        long half = shapes.GetShape("backbone.stage4.0.branch2.5.weight", 4)[0];
        double width = ShuffleNetV2Options.FindWidth(2 * half) ?? throw new ModelException(
            $"the file's backbone ends in {2 * half} channels, which no supported ShuffleNetV2 has.");
        return new ShuffleNetV2Options { Width = width, Norm = shapes.Has("backbone.conv1.1.weight") ? NormKind.Batch : NormKind.None };
    }

    public static GhostPanOptions Neck(WeightShapes shapes, int maps)
    {
        int used = shapes.CountChildren("neck.reduce_layers");
        return new GhostPanOptions
        {
            Channels = (int)shapes.GetShape(NeckWeight, 4)[0],
            StartLevel = maps - used,
            Levels = used + shapes.CountChildren("neck.extra_lvl_in_conv"),
            Kernel = used < 2 ? new GhostPanOptions().Kernel : (int)shapes.GetShape("neck.downsamples.0.depthwise.conv.weight", 4)[2],
            Norm = shapes.Has("neck.reduce_layers.0.bn.weight") ? NormKind.Batch : NormKind.None,
        };
    }

    /// <summary>Sets the options that shapes do not determine to NanoDet-Plus's.</summary>
    public static GflHeadOptions Head(GflHeadOptions head) => head with
    {
        NegativeSlope = NanoDetPlus.Head.NegativeSlope,
        AnchorScale = NanoDetPlus.Head.AnchorScale,
        CenterOffset = NanoDetPlus.Head.CenterOffset,
    };
}
