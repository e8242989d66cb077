using System.Numerics;
using System.Runtime.InteropServices;
using FocalSharp.Detections;
using FocalSharp.Distributions;
using FocalSharp.Geometry;

namespace FocalSharp.Decoding;

/// <summary>One image on its way from logits to detections; see <see cref="DetectionDecoder.Begin"/>.</summary>
public sealed class ImageDecoding
{
    private readonly DetectionDecoder _decoder;
    private readonly ImageFrame _frame;
    private readonly PostprocessOptions _options;
    private readonly List<Detection> _candidates = [];

    internal ImageDecoding(DetectionDecoder decoder, ImageFrame frame, PostprocessOptions options)
    {
        if (!(options.ScoreThreshold >= 0) || options.MaxPerLevel < 0 || options.MaxDetections < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options, "Thresholds and limits cannot be negative.");
        }

        if (!(frame.ScaleX > 0 && frame.ScaleY > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(frame), frame, "An image's scale factors are positive.");
        }

        (_decoder, _frame, _options) = (decoder, frame, options);
    }

    /// <summary>
    /// What has passed threshold and per-level limit so far, in original pixels, level after level, best first within a level.
    /// </summary>
    public IReadOnlyList<Detection> Candidates => _candidates;

    /// <summary>Adds one level's maps.</summary>
    /// <param name="scores">Class logits or probabilities, <c>[C, H, W]</c>.</param>
    /// <param name="sides">Side logits, <c>[4·(n+1), H, W]</c>, channel <c>side·(n+1) + bin</c>.</param>
    /// <param name="stride">Pixels between locations.</param>
    /// <param name="width">Locations in a row.</param>
    /// <param name="height">Rows.</param>
    public void AddLevel(ReadOnlySpan<float> scores, ReadOnlySpan<float> sides, int stride, int width, int height)
    {
        int area = checked(width * height);
        int classes = _decoder.Classes;
        int bins = _decoder.RegMax + 1;
        if (scores.Length < (long)classes * area || sides.Length != 4L * bins * area)
        {
            throw new ArgumentException(
                $"A {width}x{height} level of {classes} classes and {bins} bins has {(long)classes * area} scores and {4L * bins * area} side logits; " +
                $"{scores.Length} and {sides.Length} were given.",
                nameof(scores));
        }

        List<ulong> passed = Threshold(scores[..(classes * area)], area);
        Span<ulong> best = TopRanked.Select(CollectionsMarshal.AsSpan(passed), _options.MaxPerLevel);
        Span<float> logits = bins <= 64 ? stackalloc float[bins] : new float[bins];
        foreach (ulong key in best)
        {
            (int location, int label) = Math.DivRem((int)(uint)key, classes);
            float value = scores[(label * area) + location];
            Add(sides, area, location, location % width, location / width, stride, label, Score(value), logits);
        }
    }

    /// <summary>Runs NMS over what the levels gave and returns the detections, highest score first.</summary>
    public Detection[] Finish()
    {
        int count = _candidates.Count;
        float[] boxes = new float[4 * count];
        float[] scores = new float[count];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            Detection candidate = _candidates[i];
            (boxes[4 * i], boxes[(4 * i) + 1]) = (candidate.Box.X1, candidate.Box.Y1);
            (boxes[(4 * i) + 2], boxes[(4 * i) + 3]) = (candidate.Box.X2, candidate.Box.Y2);
            (scores[i], labels[i]) = (candidate.Score, candidate.Label);
        }

        int[] kept = Nms.Select(boxes, scores, labels, _options.NmsThreshold, _options.MaxDetections);
        return Array.ConvertAll(kept, index => _candidates[index]);
    }

    private void Add(
        ReadOnlySpan<float> sides, int area, int location, int column, int row, int stride, int label, float score, Span<float> logits)
    {
        Span<float> means = stackalloc float[4];
        Span<float> deviations = stackalloc float[4];
        int channel = location;
        for (int side = 0; side < 4; side++)
        {
            for (int bin = 0; bin < logits.Length; bin++, channel += area)
            {
                logits[bin] = sides[channel];
            }

            (means[side], deviations[side]) = Integral.Moments(logits);
        }

        float x = (column * (float)stride) + (_decoder.CenterOffset * stride);
        float y = (row * (float)stride) + (_decoder.CenterOffset * stride);
        SideValues distance = new SideValues(means[0], means[1], means[2], means[3]).Scale(stride, stride);
        (float backX, float backY) = ((float)(1.0 / _frame.ScaleX), (float)(1.0 / _frame.ScaleY));
        Box box = BoxCoder.Decode(x, y, distance, _frame.Width, _frame.Height).Scale(backX, backY);

        // A side of NaN, from logits that are not finite, has no area either.
        if (!box.IsEmpty)
        {
            SideValues deviation = new SideValues(deviations[0], deviations[1], deviations[2], deviations[3]);
            _candidates.Add(new Detection(box, label, score, deviation.Scale(stride * backX, stride * backY)));
        }
    }

    // Keys sort by score from high to low, then by location and class: the order in which the official code lists the pairs.
    private List<ulong> Threshold(ReadOnlySpan<float> values, int area)
    {
        float threshold = (float)_options.ScoreThreshold;
        Vector<float> bound = new(Prefilter());
        List<ulong> passed = [];
        int i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            if (Vector.GreaterThanAny(new Vector<float>(values[i..]), bound))
            {
                Collect(values, i, Vector<float>.Count);
            }
        }

        Collect(values, i, values.Length - i);
        return passed;

        void Collect(ReadOnlySpan<float> all, int start, int count)
        {
            for (int j = start; j < start + count; j++)
            {
                if (all[j] > bound[0] && Score(all[j]) is float score && score > threshold)
                {
                    (int label, int location) = Math.DivRem(j, area);
                    uint pair = (uint)((location * _decoder.Classes) + label);
                    passed.Add(((ulong)Nms.DescendingKey(score) << 32) | pair);
                }
            }
        }
    }

    /// <summary>A value safely below every one that can pass, so that most locations cost one comparison and no sigmoid.</summary>
    private float Prefilter()
    {
        double threshold = _options.ScoreThreshold;
        if (_decoder.ScoresAreProbabilities)
        {
            return MathF.BitDecrement((float)threshold);
        }

        double logit = Math.Log(threshold / (1 - threshold));
        return threshold <= 0 ? float.NegativeInfinity : threshold >= 1 ? float.PositiveInfinity : (float)(logit - 1e-3 - (1e-3 * Math.Abs(logit)));
    }

    private float Score(float value) => _decoder.ScoresAreProbabilities ? value : (float)(1 / (1 + Math.Exp(-(double)value)));
}
