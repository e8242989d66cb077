using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Necks;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>Infers the options of PicoDet from names and shapes.</summary>
internal static class PicoDetArchitecture
{
    private static readonly double[] EsNetScales = [0.5, 0.75, 1, 1.25, 1.5, 2];
    private static readonly double[] LcNetScales = [0.25, 0.35, 0.5, 0.75, 1, 1.5, 2, 2.5];

    /// <summary>Returns the backbone, or null if it is another network's.</summary>
    /// <param name="shapes">The file's tensors.</param>
    /// <param name="stated">The backbone that the file states; null if unknown.</param>
    /// <exception cref="ModelException">It is an ESNet or LCNet of a scale that is not known.</exception>
    public static BackboneOptions? FindBackbone(WeightShapes shapes, BackboneOptions? stated)
    {
        NormKind norm = shapes.Has("backbone.stem.bn.weight") ? NormKind.Batch : NormKind.None;
        if (shapes.Has("backbone.stage2.0.merge.depthwise.conv.weight"))
        {
            return EsNetScales
                .SelectMany(scale => new[] { EsNetOptions.NarrowRatios, EsNetOptions.WideRatios }
                    .Select(ratios => new EsNetOptions { Scale = scale, Ratios = ratios }))
                .Prepend(stated as EsNetOptions ?? new EsNetOptions())
                .Select(options => options with { Norm = norm })
                .FirstOrDefault(options => Matches(shapes, options)) ?? throw CreateUnknownWidthException("ESNet");
        }

        if (shapes.Has("backbone.stage0.0.pointwise.conv.weight"))
        {
            return LcNetScales.Select(scale => new LcNetOptions { Scale = scale })
                .Prepend(stated as LcNetOptions ?? new LcNetOptions())
                .Select(options => options with { Norm = norm })
                .FirstOrDefault(options => Matches(shapes, options)) ?? throw CreateUnknownWidthException("LCNet");
        }

        return null;
    }

    /// <summary>Returns the neck, or null if it is another network's.</summary>
    /// <param name="shapes">The file's tensors.</param>
    /// <param name="maps">Number of the backbone's feature maps.</param>
    public static ConcatPanOptions? FindNeck(WeightShapes shapes, int maps)
    {
        ConcatPanOptions? neck = shapes.Has("neck.top_down_blocks.0.short_conv.conv.weight") ? new CspPanOptions()
            : shapes.Has("neck.top_down_blocks.0.0.depthwise.conv.weight") ? new LcPanOptions()
            : null;
        return neck is null ? null : neck with
        {
            Channels = (int)shapes.GetShape("neck.reduce_layers.0.conv.weight", 4)[0],
            StartLevel = maps - shapes.CountChildren("neck.reduce_layers"),
            Levels = shapes.CountChildren("neck.reduce_layers") + shapes.CountChildren("neck.extra_lvl_in_conv"),
            Kernel = (int)shapes.GetShape("neck.downsamples.0.depthwise.conv.weight", 4)[2],
            Norm = shapes.Has("neck.reduce_layers.0.bn.weight") ? NormKind.Batch : NormKind.None,
        };
    }

    /// <summary>Sets the options that shapes do not determine to PicoDet's.</summary>
    public static GflHeadOptions Head(GflHeadOptions head) => head with
    {
        HardSwish = PicoDet.Head.HardSwish,
        AnchorScale = PicoDet.Head.AnchorScale,
        CenterOffset = PicoDet.Head.CenterOffset,
    };

    private static bool Matches(WeightShapes shapes, EsNetOptions options)
    {
        int[] channels = options.GetStageChannels();
        int[] inner = options.GetInnerChannels();
        int index = 0;
        for (int stage = 0; stage < channels.Length; stage++)
        {
            for (int block = 0; block < EsNetOptions.Blocks[stage]; block++, index++)
            {
                string prefix = $"backbone.stage{stage + EsNetOptions.FirstStage}.{block}";
                if (!HasRows(shapes, $"{prefix}.expand.conv.weight", inner[index] / 2) || !HasRows(shapes, $"{prefix}.project.conv.weight", channels[stage] / 2))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool Matches(WeightShapes shapes, LcNetOptions options)
    {
        int[] channels = options.GetGroupChannels();
        return HasRows(shapes, "backbone.stem.conv.weight", options.GetStemChannels())
            && Enumerable.Range(0, channels.Length).All(group => Enumerable.Range(0, LcNetOptions.Groups[group].Length)
                .All(block => HasRows(shapes, $"backbone.stage{group}.{block}.pointwise.conv.weight", channels[group])));
    }

    private static bool HasRows(WeightShapes shapes, string name, int rows) => shapes.GetShape(name, 4)[0] == rows;

    private static ModelException CreateUnknownWidthException(string network) => new(
        $"the file's {network} has other numbers of channels than the published scales of PicoDet; load it into a detector whose options state them.");
}
