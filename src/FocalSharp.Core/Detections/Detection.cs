using System.Globalization;
using FocalSharp.Boxes;
using FocalSharp.Detections.Calibration;

namespace FocalSharp.Detections;

/// <summary>One detected object.</summary>
/// <param name="Box">The box in pixels of the original image, clipped to it.</param>
/// <param name="Label">0-based class index.</param>
/// <param name="Score">Joint estimate of class and localization quality, in [0, 1] (paper, section 3.1).</param>
/// <param name="Deviation">
/// Standard deviation of the learned distribution of each side, in pixels of the original image: the uncertainty of
/// that edge. A calibrated model returns it rescaled to the errors that were measured.
/// </param>
public readonly record struct Detection(Box Box, int Label, float Score, SideValues Deviation)
{
    private readonly SideValues? _mean;
    private readonly EdgeQuantiles? _quantiles;

    /// <summary>
    /// Gets the expected coordinate of each edge in pixels of the original image (paper, eq. 4): the box before it was clipped to the image.
    /// Equals <see cref="Box"/> if not set.
    /// </summary>
    public SideValues Mean
    {
        get => _mean ?? new(Box.X1, Box.Y1, Box.X2, Box.Y2);
        init => _mean = value;
    }

    /// <summary>
    /// Gets the quantiles of each edge's coordinate, at the probabilities in <see cref="PostprocessOptions.Quantiles"/>.
    /// </summary>
    public EdgeQuantiles Quantiles
    {
        get => _quantiles ?? EdgeQuantiles.None;
        init => _quantiles = value.Count > 0 ? value : null;
    }

    /// <summary>Gets the four distributions, or null unless <see cref="PostprocessOptions.IncludeDistributions"/> is set.</summary>
    public EdgeDistributions? Distributions { get; init; }

    /// <summary>
    /// Gets how much several views of the image, or several models, differ in each edge: their standard deviation in pixels, a second uncertainty beside
    /// <see cref="Deviation"/>. Null unless results were fused.
    /// </summary>
    public SideValues? Disagreement { get; init; }

    /// <summary>Gets the intervals of the detection's group; null if the model is not calibrated.</summary>
    internal IntervalRow? Intervals { get; init; }

    /// <summary>
    /// Returns where the true edges lie with a probability: measured on labeled images by calibrating the model, with the finite-sample correction of
    /// split-conformal prediction.
    /// </summary>
    /// <param name="level">The probability: 0.8, 0.9 or 0.95.</param>
    /// <returns>The interval; null if the model is not calibrated, or was calibrated on too few examples for this level.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1, or the model was not calibrated for it.</exception>
    public BoxInterval? GetInterval(double level) => level is > 0 and < 1
        ? Intervals?.Find(this, level)
        : throw new ArgumentOutOfRangeException(nameof(level), level, "A probability is between 0 and 1, for example 0.9.");

    /// <summary>
    /// Returns label, score, box and deviation, for example
    /// <c>Detection (label 3, score 0.87, Box (x1 12.0, y1 8.0, x2 50.0, y2 60.0), deviation left 1.0, top 0.5, right 2.0, bottom 0.8)</c>.
    /// </summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"Detection (label {Label}, score {Score:0.00}, {Box}, deviation {Deviation})");

    /// <summary>Returns the detection with all coordinates moved, for example from pixels of a tile to pixels of the image.</summary>
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
