using FocalSharp.Boxes;

namespace FocalSharp.Detections.Calibration;

/// <summary>
/// The expected size of an edge's error, from what is known of a detection: <c>ln scale = Σ coefficient · feature</c>, in pixels of the original image.
/// Every feature is limited to the range of the examples it was fitted to.
/// </summary>
internal sealed class DeviationScale
{
    /// <summary>The smallest σ that differs from 0, as a fraction of the box's extent: a distribution of one bin has σ = 0.</summary>
    private const double MinRelativeDeviation = 1e-4;

    private readonly double[] _coefficients;
    private readonly double[] _min;
    private readonly double[] _max;

    /// <summary>Creates a scale.</summary>
    /// <param name="coefficients">One coefficient per feature.</param>
    /// <param name="min">The smallest value of each feature.</param>
    /// <param name="max">The largest value of each feature.</param>
    public DeviationScale(IReadOnlyList<double> coefficients, IReadOnlyList<double> min, IReadOnlyList<double> max) =>
        (_coefficients, _min, _max) = ([.. coefficients], [.. min], [.. max]);

    /// <summary>
    /// Gets the names of the features: a constant; the logarithm of the predicted deviation over the box's extent along the edge's axis; of that
    /// extent in pixels; of the extent across it over that along it; the logit of the score; and 1 for a top, right or bottom edge. The size of
    /// the box stands for the pyramid level, which a graph with NMS does not return.
    /// </summary>
    public static IReadOnlyList<string> FeatureNames { get; } =
        ["constant", "log_deviation", "log_extent", "log_aspect", "score_logit", "top", "right", "bottom"];

    /// <summary>Gets the number of features.</summary>
    public static int FeatureCount => FeatureNames.Count;

    /// <summary>Gets the coefficients in the order of <see cref="FeatureNames"/>; 0 for a feature that is not used.</summary>
    public IReadOnlyList<double> Coefficients => _coefficients;

    /// <summary>Gets the smallest values of the features.</summary>
    public IReadOnlyList<double> Min => _min;

    /// <summary>Gets the largest values of the features.</summary>
    public IReadOnlyList<double> Max => _max;

    /// <summary>Writes the features of an edge.</summary>
    /// <param name="detection">The detection as the model returns it, before calibration.</param>
    /// <param name="side">0 left, 1 top, 2 right, 3 bottom.</param>
    /// <param name="features">Receives <see cref="FeatureCount"/> values.</param>
    public static void Fill(in Detection detection, int side, Span<double> features)
    {
        double width = Math.Max(detection.Box.Width, float.Epsilon);
        double height = Math.Max(detection.Box.Height, float.Epsilon);
        (double along, double across) = side is 0 or 2 ? (width, height) : (height, width);
        double deviation = detection.Deviation[side];
        features[0] = 1;
        features[1] = Math.Log(Math.Max(double.IsFinite(deviation) ? deviation / along : 0, MinRelativeDeviation));
        features[2] = Math.Log(along);
        features[3] = Math.Log(across / along);
        features[4] = ScoreMap.Logit(detection.Score);
        for (int i = 1; i < 4; i++)
        {
            features[4 + i] = side == i ? 1 : 0;
        }
    }

    /// <summary>Returns the scale of an edge in pixels, above 0.</summary>
    /// <param name="detection">The detection as the model returns it, before calibration.</param>
    /// <param name="side">0 left, 1 top, 2 right, 3 bottom.</param>
    public double Compute(in Detection detection, int side)
    {
        Span<double> features = stackalloc double[FeatureCount];
        Fill(detection, side, features);
        return Compute(features);
    }

    /// <summary>Returns the scale of an edge from its features.</summary>
    /// <param name="features">The values that <see cref="Fill"/> writes.</param>
    public double Compute(ReadOnlySpan<double> features) => Math.Exp(ComputeLogarithm(features));

    /// <summary>Returns the natural logarithm of the scale of an edge from its features.</summary>
    public double ComputeLogarithm(ReadOnlySpan<double> features)
    {
        double sum = 0;
        for (int i = 0; i < features.Length; i++)
        {
            sum += _coefficients[i] * Math.Clamp(features[i], _min[i], _max[i]);
        }

        return Math.Clamp(sum, -30, 30);
    }

    /// <summary>Returns the scale raised to a power.</summary>
    public DeviationScale Raise(double power) => new([.. _coefficients.Select(value => power * value)], _min, _max);

    /// <summary>Returns the scales of the four edges multiplied by a factor.</summary>
    public SideValues Compute(in Detection detection, double factor) => new(
        (float)(factor * Compute(detection, 0)), (float)(factor * Compute(detection, 1)),
        (float)(factor * Compute(detection, 2)), (float)(factor * Compute(detection, 3)));
}
