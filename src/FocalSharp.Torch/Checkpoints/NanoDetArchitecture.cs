using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>Infers the options of NanoDet-g and its variants from names and shapes.</summary>
internal static class NanoDetArchitecture
{
    private const int StageCount = 4;

    public static CspNetOptions Backbone(WeightShapes shapes)
    {
        int channels = (int)shapes.GetShape("backbone.stem.conv.weight", 4)[0];
        int[] blocks = [.. Enumerable.Range(0, StageCount).Select(stage => shapes.CountChildren($"backbone.stages.{stage}.res_blocks"))];
        for (int stage = 0; stage < StageCount; stage++)
        {
            string name = $"backbone.stages.{stage}.in_conv.conv.weight";
            long width = (long)channels << stage;
            if (!shapes.GetShape(name, 4).SequenceEqual([width, width, 3, 3]))
            {
                throw new ModelException(
                    $"the file's '{name}' is [{string.Join(", ", shapes.GetShape(name, 4))}] where a CSP net of {channels} base channels has "
                    + $"[{width}, {width}, 3, 3].");
            }
        }

        return NanoDetG.Backbone with
        {
            BaseChannels = channels,
            Blocks = blocks,
            Norm = shapes.Has("backbone.stem.bn.weight") ? NormKind.Batch : NormKind.None,
        };
    }

    /// <summary>Sets the options that shapes do not determine to NanoDet-g's.</summary>
    public static GflHeadOptions Head(GflHeadOptions head) => head with
    {
        NegativeSlope = NanoDetG.Head.NegativeSlope,
        AnchorScale = NanoDetG.Head.AnchorScale,
        CenterOffset = NanoDetG.Head.CenterOffset,
    };
}
