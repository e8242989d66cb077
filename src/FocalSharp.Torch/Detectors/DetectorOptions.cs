using FocalSharp.Detections;
using FocalSharp.Torch.Modeling.Backbones;
using FocalSharp.Torch.Modeling.Heads;
using FocalSharp.Torch.Modeling.Necks;

namespace FocalSharp.Torch.Detectors;

/// <summary>Everything that shapes a detector. The defaults are the official GFL R-50 (spec: mmdetection 3.3.0, <c>configs/gfl</c>).</summary>
public sealed record DetectorOptions
{
    /// <summary>Class names in label order.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>The feature extractor.</summary>
    public BackboneOptions Backbone { get; init; } = new();

    /// <summary>The feature pyramid.</summary>
    public NeckOptions Neck { get; init; } = new();

    /// <summary>The dense head with its anchors.</summary>
    public HeadOptions Head { get; init; } = new();

    /// <summary>Assignment and losses; used in training only.</summary>
    public GflLossOptions Loss { get; init; } = new();

    /// <summary>From logits to detections; each value can be overridden per call.</summary>
    public PostprocessOptions Postprocess { get; init; } = new();

    /// <summary>Per-channel mean (RGB, 0–255) subtracted from the pixels (official: ImageNet's).</summary>
    public IReadOnlyList<float> Mean { get; init; } = [123.675f, 116.28f, 103.53f];

    /// <summary>Per-channel standard deviation (RGB, 0–255) that the pixels are divided by.</summary>
    public IReadOnlyList<float> Std { get; init; } = [58.395f, 57.12f, 57.375f];

    /// <summary>Says which option is out of its range, or at odds with another.</summary>
    /// <exception cref="FocalSharpException">One is.</exception>
    internal void Validate()
    {
        if (Classes.Count == 0)
        {
            throw new FocalSharpException("a detector needs at least one class; name them in the options or read them from the data");
        }

        if (Mean.Count != 3 || Std.Count != 3 || Std.Any(value => !(value > 0)))
        {
            throw new FocalSharpException("mean and std need three numbers each (RGB), every std above 0");
        }

        Backbone.Validate();
        Head.Validate();
        Loss.Validate(Head);
        int[] strides = [.. Enumerable.Range(Neck.StartLevel, Neck.Levels).Select(level => 4 << level)];
        if (!Head.Strides.SequenceEqual(strides))
        {
            throw new FocalSharpException(
                $"the neck makes levels at strides {string.Join(", ", strides)}, but the head's strides are "
                + $"{string.Join(", ", Head.Strides)}; set neck levels and start level, or head strides, so that they agree");
        }
    }
}
