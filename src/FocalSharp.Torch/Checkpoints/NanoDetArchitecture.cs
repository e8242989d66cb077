using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>What names and shapes tell of the light family, NanoDet-g and its siblings.</summary>
internal static class NanoDetArchitecture
{
    private const int StageCount = 4;

    public static BackboneOptions Backbone(WeightShapes shapes)
    {
        int channels = (int)shapes.GetShape("backbone.stem.conv.weight", 4)[0];
        int[] blocks = [.. Enumerable.Range(0, StageCount).Select(stage => shapes.CountChildren($"backbone.stages.{stage}.res_blocks"))];
        for (int stage = 0; stage < StageCount; stage++)
        {
            string name = $"backbone.stages.{stage}.in_conv.conv.weight";
            long width = (long)channels << stage;
            if (!shapes.GetShape(name, 4).SequenceEqual([width, width, 3, 3]))
            {
                throw new FocalSharpException(
                    $"the file's '{name}' is [{string.Join(", ", shapes.GetShape(name, 4))}] where a CSP net of {channels} base channels has "
                    + $"[{width}, {width}, 3, 3].");
            }
        }

        return NanoDetG.Options.Backbone with
        {
            BaseChannels = channels,
            Csp = new CspOptions { Blocks = blocks, Norm = shapes.Has("backbone.stem.bn.weight") ? NormKind.Batch : NormKind.None },
        };
    }

    /// <summary>What shapes cannot say is NanoDet-g's.</summary>
    public static HeadOptions Head(HeadOptions head) => head with
    {
        NegativeSlope = NanoDetG.Options.Head.NegativeSlope,
        AnchorScale = NanoDetG.Options.Head.AnchorScale,
        CenterOffset = NanoDetG.Options.Head.CenterOffset,
    };

    public static bool SameShape(CspOptions? a, CspOptions? b) =>
        a is null || b is null ? a is null && b is null : a.Blocks.SequenceEqual(b.Blocks) && a.Norm == b.Norm;
}
