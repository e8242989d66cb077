using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Layers;
using FocalSharp.Torch.Modeling.Necks;

namespace FocalSharp.Torch.Detectors;

/// <summary>
/// PP-PicoDet (arXiv 2111.00902; PaddleDetection, Apache-2.0): light GFL detectors with varifocal loss. The first generation
/// (2021.10) has ESNet, CSP-PAN and the GFL head with hard-swish, the second (2022.03) LCNet, LC-PAN and a task-aligned head.
/// </summary>
internal static class PicoDet
{
    /// <summary>Gets the head of the first generation without norms.</summary>
    public static GflHeadOptions Head { get; } = new()
    {
        Channels = 96,
        StackedConvs = 2,
        Kernel = 5,
        OutputKernel = 1,
        Towers = HeadTowers.Shared,
        PerLevelWeights = true,
        Depthwise = true,
        Norm = NormKind.None,
        HardSwish = true,
        RegMax = 7,
        Strides = [8, 16, 32, 64],
        AnchorScale = 5,
        CenterOffset = 0.5,
    };

    /// <summary>The published variants of both generations.</summary>
    public static IReadOnlyList<PicoDetVariant> Variants { get; } =
    [
        CreateFirst("S", 0.75, EsNetOptions.NarrowRatios, 96, 2),
        CreateFirst("M", 1, EsNetOptions.WideRatios, 128, 4),
        CreateFirst("L", 1.25, EsNetOptions.WideRatios, 160, 4),
        CreateSecond("XS", 0.35, 96, 2),
        CreateSecond("S", 0.75, 96, 2),
        CreateSecond("M", 1.5, 128, 4),
        CreateSecond("L", 2, 160, 4),
    ];

    private static PicoDetVariant CreateFirst(string name, double scale, double[] ratios, int channels, int convs) => new(
        $"PicoDet-{name} (2021)",
        new EsNetOptions { Scale = scale, Ratios = ratios, Norm = NormKind.None },
        new CspPanOptions { Channels = channels, Norm = NormKind.None },
        Head with { Channels = channels, StackedConvs = convs });

    private static PicoDetVariant CreateSecond(string name, double scale, int channels, int convs) => new(
        $"PicoDet-{name} (2022)",
        new LcNetOptions { Scale = scale, Norm = NormKind.None },
        new LcPanOptions { Channels = channels, Norm = NormKind.None },
        Head with { Channels = channels, StackedConvs = convs, TaskAligned = true });
}

/// <summary>A published PicoDet with batch norms folded into the weights.</summary>
/// <param name="Name">Its name with the year of its generation.</param>
/// <param name="Backbone">Its backbone.</param>
/// <param name="Neck">Its neck.</param>
/// <param name="Head">Its head.</param>
internal sealed record PicoDetVariant(string Name, BackboneOptions Backbone, ConcatPanOptions Neck, GflHeadOptions Head)
{
    /// <summary>Returns the same variant with another norm after each convolution.</summary>
    public PicoDetVariant WithNorm(NormKind norm) => this with
    {
        Backbone = Backbone switch
        {
            EsNetOptions esnet => esnet with { Norm = norm },
            LcNetOptions lcnet => lcnet with { Norm = norm },
            _ => Backbone,
        },
        Neck = Neck with { Norm = norm },
        Head = Head with { Norm = norm },
    };

    /// <summary>Returns the options of the detector for classes.</summary>
    public DetectorOptions ToOptions(IReadOnlyList<string> classes) => new() { Classes = classes, Backbone = Backbone, Neck = Neck, Head = Head };
}
