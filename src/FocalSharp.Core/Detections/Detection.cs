using FocalSharp.Boxes;

namespace FocalSharp.Detections;

/// <summary>One detected object.</summary>
/// <param name="Box">Where it is, in pixels of the original image, cut to it.</param>
/// <param name="Label">Its 0-based class index.</param>
/// <param name="Score">Joint estimate of class and localization quality, in [0, 1] (paper, section 3.1).</param>
/// <param name="Deviation">
/// Standard deviation of each side's learned distribution, in pixels of the original image: how unsure the detector is of
/// that edge.
/// </param>
public readonly record struct Detection(Box Box, int Label, float Score, SideValues Deviation)
{
    private readonly SideValues? _mean;
    private readonly EdgeQuantiles? _quantiles;

    /// <summary>
    /// Expected coordinate of each edge in pixels of the original image (paper, eq. 4): the box before it was cut to the image; the
    /// box itself where nothing else is known.
    /// </summary>
    public SideValues Mean
    {
        get => _mean ?? new(Box.X1, Box.Y1, Box.X2, Box.Y2);
        init => _mean = value;
    }

    /// <summary>
    /// Quantiles of each edge's coordinate, at the probabilities that <see cref="FocalSharp.Detections.PostprocessOptions.Quantiles"/> asks for.
    /// </summary>
    public EdgeQuantiles Quantiles
    {
        get => _quantiles ?? EdgeQuantiles.None;
        init => _quantiles = value.Count > 0 ? value : null;
    }

    /// <summary>The whole distributions, where <see cref="FocalSharp.Detections.PostprocessOptions.IncludeDistributions"/> asks for them.</summary>
    public EdgeDistributions? Distributions { get; init; }

    /// <summary>The detection with all that tells a place moved, such as from pixels of a part of an image to pixels of the image.</summary>
    public Detection Translate(float dx, float dy) => this with
    {
        Box = Box.Translate(dx, dy),
        Mean = Mean.Translate(dx, dy),
        Quantiles = Quantiles.Count == 0
            ? Quantiles
            : new EdgeQuantiles([.. Quantiles.Select(quantile => quantile with { Position = quantile.Position.Translate(dx, dy) })]),
        Distributions = Distributions is null ? null : Distributions with { X = Distributions.X + dx, Y = Distributions.Y + dy },
    };
}
