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

    /// <summary>
    /// Refuses RepVGG weights of the other form, whose convolutions would all remain random: three branches cannot be recovered from their
    /// sum, and a network whose branches have been summed trains differently.
    /// </summary>
    /// <param name="file">The names of the file's weights.</param>
    /// <param name="model">The names of the model's weights.</param>
    /// <exception cref="ModelException">The forms differ.</exception>
    public static void RequireSameForm(IEnumerable<string> file, IEnumerable<string> model)
    {
        if (Has(file, DeployWeight) && Has(model, TrainingWeight))
        {
            throw new ModelException(
                "the file's RepVGG blocks are re-parameterized to one convolution each (rbr_reparam), from which the model's three branches cannot be recovered. "
                + "Set model.backbone.deploy to true to train these convolutions, or use the weights of the training form.");
        }

        if (Has(file, TrainingWeight) && Has(model, DeployWeight))
        {
            throw new ModelException(
                "the file's RepVGG blocks have three branches each (rbr_dense), and the model's one convolution. Set model.backbone.deploy to false; inference and "
                + "export re-parameterize the blocks by themselves.");
        }

        static bool Has(IEnumerable<string> names, string end) => names.Any(name => name.EndsWith($".{end}", StringComparison.Ordinal));
    }

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
