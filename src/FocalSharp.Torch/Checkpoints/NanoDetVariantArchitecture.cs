using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>Infers the options of NanoDet with EfficientNet-Lite or RepVGG from names and shapes.</summary>
internal static class NanoDetVariantArchitecture
{
    /// <summary>A weight that only an EfficientNet-Lite has.</summary>
    public const string LiteWeight = "backbone.blocks.0.0._depthwise_conv.weight";

    private const string TrainingWeight = "rbr_dense.0.weight";
    private const string DeployWeight = "rbr_reparam.weight";
    private const string Stem = "backbone.stage0.";

    /// <summary>Returns the backbone, or null if it is another network's.</summary>
    /// <exception cref="ModelException">It is an EfficientNet-Lite or RepVGG of a variant that is not known.</exception>
    public static BackboneOptions? FindBackbone(WeightShapes shapes)
    {
        if (shapes.Has(LiteWeight))
        {
            NormKind norm = shapes.Has("backbone.stem.1.weight") ? NormKind.Batch : NormKind.None;
            return Enumerable.Range(0, EfficientNetLiteOptions.VariantCount).Select(variant => new EfficientNetLiteOptions { Variant = variant, Norm = norm })
                .FirstOrDefault(options => Matches(shapes, options)) ?? throw CreateUnknownVariantException("EfficientNet-Lite");
        }

        bool deploy = shapes.Has(Stem + DeployWeight);
        if (!deploy && !shapes.Has(Stem + TrainingWeight))
        {
            return null;
        }

        int last = (int)shapes.GetShape(NameRepVgg(deploy, 4, 0), 4)[0];
        return RepVggOptions.VariantNames.Select(name => new RepVggOptions { Variant = name, LastChannels = last, Deploy = deploy })
            .FirstOrDefault(options => Matches(shapes, options)) ?? throw CreateUnknownVariantException("RepVGG");
    }

    /// <summary>Sets the options that shapes do not determine to the published variant's.</summary>
    public static GflHeadOptions Head(GflHeadOptions head, BackboneOptions backbone) => head with
    {
        Relu6 = backbone is EfficientNetLiteOptions,
        AnchorScale = NanoDetVariants.Find(backbone)?.Head.AnchorScale ?? head.AnchorScale,
        CenterOffset = NanoDetVariants.Head.CenterOffset,
    };

    private static bool Matches(WeightShapes shapes, EfficientNetLiteOptions options)
    {
        int[] channels = options.GetStageChannels();
        int[] blocks = options.GetStageBlocks();
        return Enumerable.Range(0, channels.Length).All(stage => shapes.CountChildren($"backbone.blocks.{stage}") == blocks[stage]
            && shapes.GetShape($"backbone.blocks.{stage}.0._project_conv.weight", 4)[0] == channels[stage]);
    }

    private static bool Matches(WeightShapes shapes, RepVggOptions options)
    {
        int[] channels = options.GetStageChannels();
        int inChannels = options.StemChannels;
        int layer = 1;
        for (int stage = 0; stage < channels.Length; stage++)
        {
            int blocks = options.GetStageBlocks()[stage];
            if (shapes.CountChildren($"backbone.stage{stage + 1}") != blocks)
            {
                return false;
            }

            for (int block = 0; block < blocks; block++, layer++)
            {
                if (!shapes.GetShape(NameRepVgg(options.Deploy, stage + 1, block), 4).SequenceEqual([channels[stage], inChannels / options.GetGroups(layer), 3, 3]))
                {
                    return false;
                }

                inChannels = channels[stage];
            }
        }

        return true;
    }

    private static string NameRepVgg(bool deploy, int stage, int block) => $"backbone.stage{stage}.{block}.{(deploy ? DeployWeight : TrainingWeight)}";

    private static ModelException CreateUnknownVariantException(string network) => new(
        $"the file's {network} has other numbers of blocks or channels than the variants of the official NanoDet, which are supported.");
}
