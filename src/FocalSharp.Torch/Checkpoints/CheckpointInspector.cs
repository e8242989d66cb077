using System.Globalization;
using FocalSharp.Checkpoints;
using FocalSharp.Datasets;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Layers.Deformable;
using FocalSharp.Torch.Modeling.Necks;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>Infers from names and shapes which detector a file's weights belong to.</summary>
internal static class CheckpointInspector
{
    private const int OfficialNormGroups = 32;
    private const int OfficialTopK = 4;
    private const string Classifier = "bbox_head.gfl_cls";
    private const string Res2NetWeight = "backbone.layer1.0.convs.0.weight";
    private const string Projection = "bbox_head.integral.project";

    /// <summary>
    /// Returns the options of the detector that the weights fit. Options that shapes do not determine (anchor scale, losses,
    /// thresholds) have the official defaults.
    /// </summary>
    /// <param name="weights">Tensors of a GFL or GFLv2 detector, under the names of any source.</param>
    /// <param name="classes">
    /// Class names if the file has them; null for COCO's if there are 80 classes, else numbered ones.
    /// </param>
    /// <param name="stated">The backbone that the file states, whose width may be one that no published model has; null if unknown.</param>
    /// <exception cref="ModelException">
    /// The weights belong to another architecture; the message says what is missing or not supported.
    /// </exception>
    public static DetectorOptions InferOptions(StateDict weights, IReadOnlyList<string>? classes = null, BackboneOptions? stated = null)
    {
        WeightShapes shapes = new(WeightNames.Normalize(weights));
        if (!shapes.Has($"{Classifier}.weight") && !shapes.Has($"{Classifier}.0.weight"))
        {
            throw new ModelException(shapes.Has("backbone.conv1.weight") || IsBackbone(weights)
                ? "the file contains a backbone without a GFL head: it can initialize a detector's backbone, but is not a detector."
                : $"the file does not contain a GFL detector: bbox_head.gfl_cls is missing; its first tensor is '{shapes.First}'.");
        }

        BackboneOptions backbone = PicoDetArchitecture.FindBackbone(shapes, stated) ?? NanoDetVariantArchitecture.FindBackbone(shapes)
            ?? (shapes.Has("backbone.stem.conv.weight") ? NanoDetArchitecture.Backbone(shapes)
            : shapes.Has(NanoDetPlusArchitecture.BackboneWeight) ? NanoDetPlusArchitecture.Backbone(shapes)
            : shapes.Has(Res2NetWeight) ? Res2Net(shapes)
            : Backbone(shapes));
        NeckOptions neck = PicoDetArchitecture.FindNeck(shapes, MapCount(backbone))
            ?? (shapes.Has(NanoDetPlusArchitecture.NeckWeight) ? NanoDetPlusArchitecture.Neck(shapes, MapCount(backbone)) : Neck(shapes, MapCount(backbone)));
        GflHeadOptions head = Head(shapes, neck, backbone);
        int rows = (int)shapes.GetShape(shapes.Has($"{Classifier}.weight") ? $"{Classifier}.weight" : $"{Classifier}.0.weight", 4)[0];
        IReadOnlyList<string> names = Classes(rows, head.QualityPredictor is not null, classes);
        DetectorOptions options = new();
        return options with
        {
            Classes = names,
            Backbone = backbone,
            Neck = neck,
            Head = head.QualityPredictor is { } quality
                ? head with { QualityPredictor = quality with { BackgroundChannel = rows > names.Count } }
                : head,
            Mean = backbone is EfficientNetLiteOptions ? NanoDetVariants.LiteMean : options.Mean,
            Std = backbone is EfficientNetLiteOptions ? NanoDetVariants.LiteStd : options.Std,
        };
    }

    /// <summary>Returns whether weights, under the names of any source, have a detection head.</summary>
    public static bool HasHead(StateDict weights) =>
        WeightNames.Normalize(weights).Names.Any(name => name.Contains("bbox_head.", StringComparison.Ordinal));

    /// <summary>Returns whether weights, under the names of any source, are those of a backbone without a detector.</summary>
    public static bool IsBackbone(StateDict weights) => WeightNames.IsBackbone([.. weights.Names])
        || (weights.Count > 0 && WeightNames.Normalize(weights).Names.All(name => name.StartsWith("backbone.", StringComparison.Ordinal)));

    /// <summary>
    /// Returns the class names of a classifier's rows if they are known: the file's if their number fits, COCO's if there are 80,
    /// else null. Official GFLv2 files have one row more than classes.
    /// </summary>
    public static IReadOnlyList<string>? KnownClasses(StateDict weights, IReadOnlyList<string>? classes)
    {
        StateDict normalized = WeightNames.Normalize(weights);
        if (!normalized.TryGet($"{Classifier}.bias", out StateTensor? bias) && !normalized.TryGet($"{Classifier}.0.bias", out bias))
        {
            return null;
        }

        bool quality = normalized.Contains("bbox_head.reg_conf.0.weight");
        return ResolveClasses((int)bias.Count, quality, classes);
    }

    private static IReadOnlyList<string>? ResolveClasses(int rows, bool quality, IReadOnlyList<string>? classes)
    {
        bool Fits(int count) => count == rows || (quality && count == rows - 1);
        return classes is not null && Fits(classes.Count) ? classes : Fits(CocoClasses.Names.Count) ? CocoClasses.Names : null;
    }

    private static IReadOnlyList<string> Classes(int rows, bool quality, IReadOnlyList<string>? classes) =>
        ResolveClasses(rows, quality, classes) ?? NameClasses(quality && rows > 1 ? rows - 1 : rows);

    /// <summary>Returns COCO's names for 80 classes, else numbered ones.</summary>
    internal static IReadOnlyList<string> NameClasses(int count) => count == CocoClasses.Names.Count
        ? CocoClasses.Names
        : [.. Enumerable.Range(0, count).Select(label => string.Create(CultureInfo.InvariantCulture, $"class{label}"))];

    private static Res2NetOptions Res2Net(WeightShapes shapes)
    {
        int[] blocks = [.. Enumerable.Range(1, 4).Select(stage => shapes.CountChildren($"backbone.layer{stage}"))];
        int depth = ResNetArchitecture.FindDepth(blocks, bottleneck: true) ?? throw new ModelException(
            $"the file's backbone has {string.Join(", ", blocks)} blocks in its stages, which no supported Res2Net has.");
        List<(int Number, int Version)> deformable = FindDeformableStages(shapes, "convs.0");
        return new Res2NetOptions
        {
            Depth = depth,
            Scales = shapes.CountChildren("backbone.layer1.0.convs") + 1,
            BaseWidth = (int)shapes.GetShape(Res2NetWeight, 4)[0],
            DeformableStages = [.. deformable.Select(stage => stage.Number)],
            DeformableVersion = deformable.Count > 0 ? deformable[0].Version : new Res2NetOptions().DeformableVersion,
        };
    }

    private static ResNetOptions Backbone(WeightShapes shapes)
    {
        long channels = shapes.GetShape("backbone.conv1.weight", 4)[0];
        bool bottleneck = shapes.Has("backbone.layer1.0.conv3.weight");
        int[] blocks = [.. Enumerable.Range(1, 4).Select(stage => shapes.CountChildren($"backbone.layer{stage}"))];
        int depth = ResNetArchitecture.FindDepth(blocks, bottleneck) ?? throw new ModelException(
            $"the file's backbone has {string.Join(", ", blocks)} {(bottleneck ? "bottleneck" : "basic")} blocks in its stages, which no supported ResNet has.");
        (int groups, int groupWidth) = bottleneck ? FindGroups(shapes) : (1, new ResNetOptions().GroupWidth);
        for (int stage = 0; stage < blocks.Length; stage++)
        {
            string name = $"backbone.layer{stage + 1}.0.conv2.weight";
            long width = (groups == 1 ? channels : groupWidth * groups) << stage;
            if (!shapes.GetShape(name, 4).SequenceEqual([width, width / groups, 3, 3]))
            {
                throw new ModelException(
                    $"the file's '{name}' is [{string.Join(", ", shapes.GetShape(name, 4))}] where a {(groups > 1 ? "ResNeXt" : "ResNet")} of {channels} base channels has "
                    + $"[{width}, {width / groups}, 3, 3]; widened backbones are not supported.");
            }
        }

        List<(int Number, int Version)> deformable = FindDeformableStages(shapes, "conv2");
        bool group = shapes.Has("backbone.gn1.weight");
        return new ResNetOptions
        {
            Depth = depth,
            BaseChannels = (int)channels,
            Groups = groups,
            GroupWidth = groupWidth,
            DeformableStages = [.. deformable.Select(stage => stage.Number)],
            DeformableVersion = deformable.Count > 0 ? deformable[0].Version : new ResNetOptions().DeformableVersion,
            Norm = group ? NormKind.Group : NormKind.Batch,
            FrozenBatchNorm = !group,
        };
    }

    /// <summary>Returns the number of groups of a ResNeXt's bottlenecks, and the channels of a group in the first stage; one group for a ResNet.</summary>
    private static (int Groups, int GroupWidth) FindGroups(WeightShapes shapes)
    {
        long[] inner = shapes.GetShape("backbone.layer1.0.conv2.weight", 4);
        return inner[0] == inner[1] || inner[0] % inner[1] != 0 ? (1, new ResNetOptions().GroupWidth) : ((int)(inner[0] / inner[1]), (int)inner[1]);
    }

    /// <summary>Returns the stages with deformable convolutions and their version, by the number of predicted values.</summary>
    private static List<(int Number, int Version)> FindDeformableStages(WeightShapes shapes, string conv)
    {
        const int Kernel = 3;
        List<(int Number, int Version)> found = [];
        for (int stage = 1; stage <= 4; stage++)
        {
            string name = $"backbone.layer{stage}.0.{conv}.conv_offset.weight";
            if (!shapes.Has(name))
            {
                continue;
            }

            long outputs = shapes.GetShape(name, 4)[0];
            int version = DeformableOffsets.FindVersion(outputs, Kernel) ?? throw new ModelException(
                $"the file's '{name}' has {outputs} outputs, where a deformable convolution has {2 * Kernel * Kernel} (version 1) or {3 * Kernel * Kernel} (version 2); "
                + "several offset groups are not supported.");
            found.Add((stage, version));
        }

        return found.Select(stage => stage.Version).Distinct().Count() < 2 ? found : throw new ModelException(
            "the file's backbone has deformable convolutions of both versions (18 and 27 outputs of conv_offset), which is not supported.");
    }

    /// <summary>Returns the number of feature maps; the coarsest has stride 32.</summary>
    private static int MapCount(BackboneOptions backbone) =>
        backbone is ShuffleNetV2Options or EsNetOptions or LcNetOptions or EfficientNetLiteOptions or RepVggOptions ? 3 : 4;

    private static NeckOptions Neck(WeightShapes shapes, int maps)
    {
        int laterals = shapes.CountChildren("neck.lateral_convs");
        if (laterals < 1 || laterals > maps)
        {
            throw new ModelException($"the file's neck has {laterals} lateral convolutions, where one over its backbone has 1 to {maps}.");
        }

        bool pan = !shapes.Has("neck.fpn_convs.0.conv.weight");
        NeckOptions neck = pan ? new PanOptions() : new FpnOptions();
        return neck with
        {
            Channels = (int)shapes.GetShape("neck.lateral_convs.0.conv.weight", 4)[0],
            StartLevel = maps - laterals,
            Levels = pan ? laterals + shapes.CountChildren("neck.extra_convs") : shapes.CountChildren("neck.fpn_convs"),
        };
    }

    private static GflHeadOptions Head(WeightShapes shapes, NeckOptions neck, BackboneOptions backbone)
    {
        bool perLevelWeights = !shapes.Has($"{Classifier}.weight");
        string level = perLevelWeights ? ".0" : "";
        string tower = $"bbox_head.cls_convs{level}";
        string block = shapes.Has($"{tower}.0.depthwise.conv.weight") ? $"{tower}.0.depthwise" : $"{tower}.0";
        int stacked = shapes.CountChildren(tower);
        long[] classes = shapes.GetShape($"{Classifier}{level}.weight", 4);
        long sides = shapes.GetShape($"bbox_head.gfl_reg{level}.weight", 4)[0];
        if (sides % 4 != 0 || sides < 4)
        {
            throw new ModelException(
                $"the file's bbox_head.gfl_reg has {sides} channels, where 4 sides of at least 2 bins, or of one number, are expected.");
        }

        NormKind norm = shapes.Has($"{block}.gn.weight") ? NormKind.Group
            : shapes.Has($"{block}.bn.weight") ? NormKind.Batch
            : stacked == 0 ? NormKind.Group : NormKind.None;
        if (norm == NormKind.None && backbone is ResNetOptions)
        {
            throw new ModelException(
                "the file's head has no group normalization ('bbox_head.cls_convs.0.gn'), so it is not the official GFL head.");
        }

        GflHeadOptions head = new()
        {
            Channels = (int)classes[1],
            StackedConvs = stacked,
            Kernel = stacked == 0 ? 3 : (int)shapes.GetShape($"{block}.conv.weight", 4)[2],
            OutputKernel = (int)classes[2],
            PerLevelWeights = perLevelWeights,
            Towers = stacked > 0 && shapes.CountChildren($"bbox_head.reg_convs{level}") == 0 ? HeadTowers.Shared : HeadTowers.Separate,
            Depthwise = block.EndsWith("depthwise", StringComparison.Ordinal),
            Norm = norm,
            NormGroups = GreatestCommonDivisor((int)classes[1], OfficialNormGroups),
            BoxRepresentation = sides == 4 ? BoxRepresentation.Dirac : BoxRepresentation.General,
            RegMax = sides > 4 ? (int)(sides / 4) - 1
                : shapes.Has(Projection) ? (int)shapes.GetShape(Projection, 1)[0] - 1 : new GflHeadOptions().RegMax,
            Strides = [.. Enumerable.Range(neck.StartLevel, neck.Levels).Select(map => 32 >> (MapCount(backbone) - 1) << map)],
            TaskAligned = shapes.Has("bbox_head.alignment.0.attention.weight"),
            QualityPredictor = shapes.Has("bbox_head.reg_conf.0.weight")
                ? Quality(shapes.GetShape("bbox_head.reg_conf.0.weight", 4))
                : null,
        };
        return backbone switch
        {
            CspNetOptions => NanoDetArchitecture.Head(head),
            ShuffleNetV2Options => neck is GhostPanOptions ? NanoDetPlusArchitecture.Head(head) : NanoDetArchitecture.Head(head),
            EfficientNetLiteOptions or RepVggOptions => NanoDetVariantArchitecture.Head(head, backbone),
            EsNetOptions or LcNetOptions => PicoDetArchitecture.Head(head),
            _ => head,
        };
    }

    /// <summary>
    /// Input channels are 4·(k + 1) with the mean, 4·k without; 16 means the top 4 without the mean, 4 being the official k.
    /// </summary>
    private static QualityPredictorOptions Quality(long[] shape)
    {
        int perSide = (int)(shape[1] / 4);
        bool mean = perSide != OfficialTopK;
        return new QualityPredictorOptions { Channels = (int)shape[0], TopK = mean ? perSide - 1 : perSide, AddMean = mean };
    }

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? Math.Max(a, 1) : GreatestCommonDivisor(b, a % b);
}
