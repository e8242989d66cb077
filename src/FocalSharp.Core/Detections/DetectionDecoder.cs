namespace FocalSharp.Detections;

/// <summary>
/// Converts the raw outputs of a head to detections like the official code: per level, the (location, class) pairs above the
/// score threshold are selected, the best of them decoded by the integral, clipped to the image and scaled to its original size, followed by
/// class-wise NMS over all levels. Only pairs above the threshold are decoded. Thread-safe.
/// </summary>
/// <param name="classes">Number of classes C; further channels of the maps are ignored.</param>
/// <param name="regMax">Last bin n of the side distributions.</param>
/// <param name="centerOffset">Offset of a location within its cell, in strides (official: 0).</param>
/// <param name="scoresAreProbabilities">Whether the scores are already sigmoid outputs (GFLv2).</param>
internal sealed class DetectionDecoder(int classes, int regMax, double centerOffset = 0, bool scoresAreProbabilities = false)
{
    /// <summary>Gets the number of classes.</summary>
    public int Classes { get; } = classes > 0 ? classes : throw new ArgumentOutOfRangeException(nameof(classes), classes, "A detector has at least one class.");

    /// <summary>Gets the last bin of the side distributions.</summary>
    public int RegMax { get; } = regMax > 0 ? regMax : throw new ArgumentOutOfRangeException(nameof(regMax), regMax, "A distribution has at least two bins.");

    /// <summary>Gets the offset of a location within its cell, in strides.</summary>
    public float CenterOffset { get; } = (float)centerOffset;

    /// <summary>Gets whether scores are already sigmoid outputs.</summary>
    public bool ScoresAreProbabilities { get; } = scoresAreProbabilities;

    /// <summary>Returns the score of a value of the class map, in [0, 1].</summary>
    internal float Score(float value) => ScoresAreProbabilities ? value : (float)(1 / (1 + Math.Exp(-(double)value)));

    /// <summary>
    /// Returns a value safely below every value whose score is above a threshold, so that most of a map costs one comparison per value and no sigmoid.
    /// </summary>
    internal float GetMapThreshold(double threshold)
    {
        if (ScoresAreProbabilities)
        {
            return MathF.BitDecrement((float)threshold);
        }

        double logit = Math.Log(threshold / (1 - threshold));
        return threshold <= 0 ? float.NegativeInfinity : threshold >= 1 ? float.PositiveInfinity : (float)(logit - 1e-3 - (1e-3 * Math.Abs(logit)));
    }

    /// <summary>Starts decoding an image. Add its levels, finest first, then finish.</summary>
    /// <param name="frame">The position of the image in the network's input.</param>
    /// <param name="options">Thresholds and limits; null for the official ones.</param>
    public DetectionDecoding Begin(ResizeTransform frame, PostprocessOptions? options = null) => new(this, frame, options ?? new());
}
