using FocalSharp.Detections;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;

namespace FocalSharp.Torch.Detectors;

/// <summary>
/// Settings of a <see cref="GflDetector"/>. The defaults are the official GFL R-50's (mmdetection 3.3.0, <c>configs/gfl</c>).
/// </summary>
public sealed record DetectorOptions
{
    /// <summary>Gets the class names in label order.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Gets the settings of the backbone (official: ResNet-50).</summary>
    public BackboneOptions Backbone { get; init; } = new ResNetOptions();

    /// <summary>Gets the settings of the neck (official: FPN).</summary>
    public NeckOptions Neck { get; init; } = new FpnOptions();

    /// <summary>Gets the settings of the head with its anchors (official: GFL head).</summary>
    public HeadOptions Head { get; init; } = new GflHeadOptions();

    /// <summary>Gets the settings of label assignment and losses; used in training only.</summary>
    public GflLossOptions Loss { get; init; } = new();

    /// <summary>Gets the settings of postprocessing, from scores to detections; each can be overridden per call.</summary>
    public PostprocessOptions Postprocess { get; init; } = new();

    /// <summary>Gets the mean per channel (RGB, 0 to 255) that is subtracted from the pixels (official: ImageNet's).</summary>
    public IReadOnlyList<float> Mean { get; init; } = [123.675f, 116.28f, 103.53f];

    /// <summary>
    /// Gets the standard deviation per channel (RGB, 0 to 255) that the pixels are divided by (official: ImageNet's).
    /// </summary>
    public IReadOnlyList<float> Std { get; init; } = [58.395f, 57.12f, 57.375f];

    /// <summary>Checks all options but those of backbone, neck and head, which are checked when they are created.</summary>
    /// <exception cref="OptionException">An option is out of range.</exception>
    internal void Validate()
    {
        OptionGuard.Require(
            Classes.Count > 0, nameof(Classes), "A detector needs at least one class; name the classes in the options, or read them from the data set.");
        OptionGuard.Require(Mean.Count == 3, nameof(Mean), $"Mean has {Mean.Count} numbers; give three, for red, green and blue.");
        OptionGuard.Require(
            Std.Count == 3 && Std.All(value => value > 0), nameof(Std), "Std must be three numbers above 0, for red, green and blue.");
        Loss.Validate();
    }
}
