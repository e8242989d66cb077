using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;
using static TorchSharp.torch;

namespace FocalSharp.Torch.Detectors;

/// <summary>
/// NanoDet-Plus's assign guidance module: a second neck of the detector's kind, which starts from the same weights, and a head of normal
/// convolutions over the levels of both necks. It learns faster than the light head, and its predictions assign the labels of both. It is
/// part of training only.
/// </summary>
internal sealed class AssignGuidance : nn.Module
{
    private const int OfficialNormGroups = 32;
    private const int StackedConvs = 4;

    /// <summary>Creates the module with random weights and the neck's own.</summary>
    public AssignGuidance(DetectorOptions options, Backbone backbone, Neck neck, Generator generator)
        : base(nameof(AssignGuidance))
    {
        Neck = Necks.Create(options.Neck, backbone, generator);
        int channels = 2 * neck.OutChannels;
        HeadOptions own = options.Head;
        Head = new GflHead(
            new GflHeadOptions
            {
                Channels = channels,
                StackedConvs = StackedConvs,
                NegativeSlope = own is GflHeadOptions light ? light.NegativeSlope : 0,
                NormGroups = GreatestCommonDivisor(channels, OfficialNormGroups),
                RegMax = own.RegMax,
                Strides = own.Strides,
                AnchorScale = own.AnchorScale,
                CenterOffset = own.CenterOffset,
            },
            channels,
            options.Classes.Count,
            generator);
        using IDisposable guard = no_grad();
        Dictionary<string, Tensor> initial = neck.state_dict();
        foreach ((string name, Tensor target) in Neck.state_dict())
        {
            target.copy_(initial[name]);
        }

        register_module("neck", Neck);
        register_module("head", Head);
    }

    /// <summary>Gets the second neck.</summary>
    public Neck Neck { get; }

    /// <summary>Gets the head.</summary>
    public DetectionHead Head { get; }

    /// <summary>
    /// Gets or sets whether the module's gradient ends at its input: it continues to learn, but no longer trains backbone and neck.
    /// </summary>
    public bool IsDetached { get; set; }

    /// <summary>Returns the maps that the module reads.</summary>
    public IReadOnlyList<Tensor> Read(IReadOnlyList<Tensor> maps) => IsDetached ? [.. maps.Select(map => map.detach())] : maps;

    private static int GreatestCommonDivisor(int a, int b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);

    /// <summary>Does nothing: the parts are registered by name, and the default would add the fields again.</summary>
    protected override void RegisterComponents()
    {
    }
}
