namespace FocalSharp.Detections;

/// <summary>
/// The way from a head's raw outputs to detections, as the official code goes it: per level the pairs (location, class) above the
/// score threshold, the best of them decoded by the integral, cut to the image and brought back to its original size, then
/// class-wise NMS over all levels. Only survivors of the threshold are decoded. One decoder may serve many threads.
/// </summary>
/// <param name="classes">Number of classes C; maps may hold more channels, which are not looked at.</param>
/// <param name="regMax">Highest bin n of the sides' distributions.</param>
/// <param name="centerOffset">Place of a location's centre in its cell, in strides (official: 0).</param>
/// <param name="scoresAreProbabilities">True where the scores have passed a sigmoid already (GFLv2).</param>
public sealed class DetectionDecoder(int classes, int regMax, double centerOffset = 0, bool scoresAreProbabilities = false)
{
    /// <summary>Number of classes.</summary>
    public int Classes { get; } = classes > 0 ? classes : throw new ArgumentOutOfRangeException(nameof(classes), classes, "A detector has classes.");

    /// <summary>Highest bin of the sides' distributions.</summary>
    public int RegMax { get; } = regMax > 0 ? regMax : throw new ArgumentOutOfRangeException(nameof(regMax), regMax, "A distribution needs two bins.");

    /// <summary>Place of a location's centre in its cell, in strides.</summary>
    public float CenterOffset { get; } = (float)centerOffset;

    /// <summary>Whether scores have passed a sigmoid already.</summary>
    public bool ScoresAreProbabilities { get; } = scoresAreProbabilities;

    /// <summary>The score of a class map's value, in [0, 1].</summary>
    internal float Score(float value) => ScoresAreProbabilities ? value : (float)(1 / (1 + Math.Exp(-(double)value)));

    /// <summary>
    /// A value safely below every one whose score is above a threshold, so that most of a map costs one comparison a value and no sigmoid.
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

    /// <summary>Begins one image: add its levels, finest first, then finish.</summary>
    /// <param name="frame">Where the image lies in the input.</param>
    /// <param name="options">Thresholds and limits; null for the official ones.</param>
    public DetectionDecoding Begin(ResizeTransform frame, PostprocessOptions? options = null) => new(this, frame, options ?? new());
}
