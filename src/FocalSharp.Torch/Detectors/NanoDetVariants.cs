using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Necks;

namespace FocalSharp.Torch.Detectors;

/// <summary>
/// The variants of NanoDet with EfficientNet-Lite and RepVGG backbones (RangiLyu, Apache-2.0): NanoDet's path aggregation and head per
/// level over another backbone. The same networks as the recipes <c>nanodet-efficientnet-lite…</c> and <c>nanodet-repvgg-a0-416</c>.
/// </summary>
internal static class NanoDetVariants
{
    /// <summary>Gets the published variants.</summary>
    public static IReadOnlyList<NanoDetVariant> All { get; } =
    [
        CreateLite(0, size: 320, channels: 96, convs: 2, regMax: 7, anchorScale: 5),
        CreateLite(1, size: 416, channels: 128, convs: 3, regMax: 10, anchorScale: 8),
        CreateLite(2, size: 512, channels: 128, convs: 4, regMax: 10, anchorScale: 5),
        new(
            "NanoDet-RepVGG-A0",
            416,
            new RepVggOptions(),
            new PanOptions { Channels = 128, StartLevel = 0, Levels = 3 },
            Head with { Channels = 128, StackedConvs = 2, RegMax = 10, AnchorScale = 8 }),
    ];

    /// <summary>Gets what the heads of all variants have in common.</summary>
    public static GflHeadOptions Head => new()
    {
        OutputKernel = 1,
        Towers = HeadTowers.Shared,
        PerLevelWeights = true,
        Norm = NormKind.Batch,
        Strides = [8, 16, 32],
        CenterOffset = 0.5,
    };

    /// <summary>Gets the mean of the pixels that EfficientNet-Lite is trained with.</summary>
    public static IReadOnlyList<float> LiteMean { get; } = [127, 127, 127];

    /// <summary>Gets the standard deviation of the pixels that EfficientNet-Lite is trained with.</summary>
    public static IReadOnlyList<float> LiteStd { get; } = [128, 128, 128];

    /// <summary>Returns the published variant with a backbone; null if it was published without a detector.</summary>
    public static NanoDetVariant? Find(BackboneOptions backbone) => All.FirstOrDefault(variant => (variant.Backbone, backbone) switch
    {
        (EfficientNetLiteOptions published, EfficientNetLiteOptions given) => published.Variant == given.Variant,
        (RepVggOptions published, RepVggOptions given) => published.Variant == given.Variant,
        _ => false,
    });

    private static NanoDetVariant CreateLite(int variant, int size, int channels, int convs, int regMax, int anchorScale) => new(
        $"NanoDet-EfficientNet-Lite{variant}",
        size,
        new EfficientNetLiteOptions { Variant = variant },
        new PanOptions { Channels = channels, StartLevel = 0, Levels = 3 },
        Head with { Channels = channels, StackedConvs = convs, Depthwise = true, Relu6 = true, RegMax = regMax, AnchorScale = anchorScale });
}

/// <summary>A published NanoDet.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Side of its square input in pixels.</param>
/// <param name="Backbone">Its backbone.</param>
/// <param name="Neck">Its neck.</param>
/// <param name="Head">Its head.</param>
internal sealed record NanoDetVariant(string Name, int Size, BackboneOptions Backbone, PanOptions Neck, GflHeadOptions Head)
{
    /// <summary>Returns the options of the detector for classes.</summary>
    public DetectorOptions ToOptions(IReadOnlyList<string> classes)
    {
        DetectorOptions options = new() { Classes = classes, Backbone = Backbone, Neck = Neck, Head = Head };
        return Backbone is EfficientNetLiteOptions ? options with { Mean = NanoDetVariants.LiteMean, Std = NanoDetVariants.LiteStd } : options;
    }
}
