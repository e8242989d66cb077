using FocalSharp.Detections;
using FocalSharp.Torch.Detectors;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Necks;
using TorchSharp;

namespace FocalSharp.Torch.Tests.Onnx;

/// <summary>Small detectors with weights of the filling rule, so that they find a great deal, and pictures for them.</summary>
internal static class OnnxModels
{
    public static TheoryData<string> Names => ["gfl", "gfl-centered", "gflv2", "gflv2-background", "bottleneck", "deformable", "deformable-1", "res2net", "one-class", "nanodet", "nanodet-depthwise", "group-norm", "dirac", "nanodet-lite", "nanodet-repvgg", "picodet", "picodet-aligned", "picodet-quality"];

    private static CspNetOptions Light => NanoDetG.Backbone with { BaseChannels = 16 };

    public static GflDetector Create(string name)
    {
        DetectorOptions options = new()
        {
            Classes = ["cup", "key", "fish"],
            Backbone = new ResNetOptions { Depth = 18, BaseChannels = 16, FrozenStages = -1, FrozenBatchNorm = false },
            Neck = new FpnOptions { Channels = 32 },
            Head = new GflHeadOptions { Channels = 32, StackedConvs = 2, NormGroups = 8, RegMax = 7 },
        };
        options = name switch
        {
            "gfl" => options,
            "gfl-centered" => options with
            {
                Neck = new FpnOptions { Channels = 16, Levels = 4 },
                Head = new GflHeadOptions { Channels = 16, StackedConvs = 1, NormGroups = 16, Strides = [8, 16, 32, 64], CenterOffset = 0.5 },
            },
            "gflv2" => options with { Head = ((GflHeadOptions)options.Head) with { QualityPredictor = new() { Channels = 16 } } },
            "gflv2-background" => options with { Head = ((GflHeadOptions)options.Head) with { QualityPredictor = new() { BackgroundChannel = true, AddMean = false } } },
            "bottleneck" => options with { Backbone = ((ResNetOptions)options.Backbone) with { Depth = 50, BaseChannels = 8 } },
            "deformable" => options with { Backbone = ((ResNetOptions)options.Backbone) with { Depth = 50, BaseChannels = 8, DeformableStages = [3, 4] } },
            "deformable-1" => options with
            {
                Backbone = ((ResNetOptions)options.Backbone) with { Depth = 50, BaseChannels = 8, Groups = 4, DeformableStages = [4], DeformableVersion = 1 },
            },
            "res2net" => options with { Backbone = new Res2NetOptions { Depth = 50, BaseWidth = 6, DeformableStages = [4], FrozenStages = -1 } },
            "group-norm" => options with { Backbone = ((ResNetOptions)options.Backbone) with { Norm = NormKind.Group, NormGroups = 8 } },
            "dirac" => options with { Head = ((GflHeadOptions)options.Head) with { BoxRepresentation = BoxRepresentation.Dirac, RegMax = 16 } },
            "one-class" => options with { Classes = ["cell"] },
            "nanodet" => NanoDetG.Options with { Classes = ["cup", "key"], Backbone = Light, Head = NanoDetG.Head with { Channels = 32 }, Neck = NanoDetG.Options.Neck with { Channels = 32 } },
            "nanodet-depthwise" => NanoDetG.Options with
            {
                Classes = ["cup"],
                Backbone = Light with { Norm = NormKind.Batch },
                Neck = NanoDetG.Options.Neck with { Channels = 32, Levels = 4 },
                Head = NanoDetG.Head with { Channels = 32, Depthwise = true, Norm = NormKind.Batch, Kernel = 5, StackedConvs = 2, Strides = [8, 16, 32, 64] },
            },
            "nanodet-lite" => Small(NanoDetVariants.All[0], new EfficientNetLiteOptions()),
            "nanodet-repvgg" => Small(NanoDetVariants.All[3], new RepVggOptions { LastChannels = 64 }),
            "picodet" => Pico(new EsNetOptions { Scale = 0.25 }, new CspPanOptions(), PicoDet.Head),
            "picodet-aligned" => Pico(
                new LcNetOptions { Scale = 0.25, Norm = NormKind.None }, new LcPanOptions { Norm = NormKind.None }, PicoDet.Head with { TaskAligned = true }),
            "picodet-quality" => Pico(
                new LcNetOptions { Scale = 0.25, Norm = NormKind.None },
                new CspPanOptions { Norm = NormKind.None },
                PicoDet.Head with { TaskAligned = true, QualityPredictor = new() { Channels = 16 } }),
            _ => throw new ArgumentException(name, nameof(name)),
        };
        GflDetector detector = new(options);
        using IDisposable guard = torch.no_grad();
        foreach ((string entry, torch.Tensor tensor) in detector.state_dict())
        {
            if (GoldenValueGenerator.Entry(name, entry, tensor.shape) is { } values)
            {
                using torch.Tensor filled = torch.tensor(values, tensor.shape);
                tensor.copy_(filled);
                if (name == "nanodet-repvgg" && entry.StartsWith("neck.", StringComparison.Ordinal))
                {
                    tensor.mul_(0.2); // its maps are large, and scores near 1 would be equal within the tolerance
                }
            }
        }

        detector.eval();
        return detector;
    }

    private static DetectorOptions Small(NanoDetVariant variant, BackboneOptions backbone) =>
        (variant with { Backbone = backbone, Neck = variant.Neck with { Channels = 32 }, Head = variant.Head with { Channels = 32 } }).ToOptions(["cup", "key", "fish"]);

    private static DetectorOptions Pico(BackboneOptions backbone, ConcatPanOptions neck, GflHeadOptions head) => new()
    {
        Classes = ["cup", "key", "fish"],
        Backbone = backbone,
        Neck = neck with { Channels = 32 },
        Head = head with { Channels = 32, Norm = neck.Norm },
    };

    /// <summary>Coloured blobs over noise: uint8 <c>[batch, height, width, 3]</c>.</summary>
    public static byte[] CreateImages(int seed, int batch, int height, int width)
    {
        Random random = new(seed);
        byte[] pixels = new byte[batch * height * width * 3];
        random.NextBytes(pixels);
        for (int i = 0; i < 6 * batch; i++)
        {
            (int image, int top, int left) = (i % batch, random.Next(height), random.Next(width));
            (int bottom, int right) = (Math.Min(height, top + random.Next(8, 60)), Math.Min(width, left + random.Next(8, 60)));
            byte[] color = new byte[3];
            random.NextBytes(color);
            for (int y = top; y < bottom; y++)
            {
                for (int x = left; x < right; x++)
                {
                    color.CopyTo(pixels, 3 * ((((image * height) + y) * width) + x));
                }
            }
        }

        return pixels;
    }

    /// <summary>Returns frames: the first is the whole image, each following one is a little smaller.</summary>
    public static ResizeTransform[] Frames(int batch, int height, int width) =>
        [.. Enumerable.Range(0, batch).Select(i => new ResizeTransform(width - (7 * i), height - (5 * i)))];
}
