using System.Buffers;
using FocalSharp.Boxes;
using FocalSharp.Distributions;

namespace FocalSharp.Detections;

/// <summary>Decodes one image; see <see cref="DetectionDecoder.Begin"/>.</summary>
internal sealed class DetectionDecoding
{
    private readonly DetectionDecoder _decoder;
    private readonly ResizeTransform _resizeTransform;
    private readonly PostprocessOptions _options;
    private readonly List<Detection> _candidates = [];
    private readonly List<LocationTransform> _locationTransforms = [];
    private readonly int _sideLogits;
    private float[] _logits = [];
    private bool _finished;

    internal DetectionDecoding(DetectionDecoder decoder, ResizeTransform frame, PostprocessOptions options)
    {
        if (!(options.ScoreThreshold >= 0) || options.MaxPerLevel < 0 || options.MaxDetections < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options, "Thresholds and limits cannot be negative.");
        }

        if (!(frame.ScaleX > 0 && frame.ScaleY > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(frame), frame, "An image's scale factors are positive.");
        }

        foreach (double probability in options.Quantiles)
        {
            if (!(probability is >= 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(options), probability, "The probability of a quantile is between 0 and 1.");
            }
        }

        // Quantiles are computed later, so the validated list must not change.
        bool own = ReferenceEquals(options.Quantiles, PostprocessOptions.DefaultQuantiles);
        (_decoder, _resizeTransform, _options) = (decoder, frame, own ? options : options with { Quantiles = [.. options.Quantiles] });
        _sideLogits = options.Quantiles.Count > 0 || options.IncludeDistributions ? 4 * (decoder.RegMax + 1) : 0;
    }

    /// <summary>
    /// Gets the candidates selected so far, in original pixels, level by level, best first within a level.
    /// </summary>
    public IReadOnlyList<Detection> Candidates => _candidates;

    /// <summary>Adds the maps of one level.</summary>
    /// <param name="scores">Class logits or probabilities, <c>[C, H, W]</c>.</param>
    /// <param name="sides">Side logits, <c>[4·(n+1), H, W]</c>, channel <c>side·(n+1) + bin</c>.</param>
    /// <param name="stride">Pixels between neighboring locations.</param>
    /// <param name="width">Number of locations in a row.</param>
    /// <param name="height">Number of rows.</param>
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

        using TopKCandidates selection = new(_decoder, _options);
        ReadOnlySpan<ulong> best = selection.Select(scores[..(classes * area)], area);
        EnsureCapacity(_candidates.Count + best.Length);
        Span<float> logits = bins <= 64 ? stackalloc float[4 * bins] : new float[4 * bins];
        foreach (ulong key in best)
        {
            (int location, int label) = Math.DivRem((int)(uint)key, classes);
            float value = scores[(label * area) + location];
            Add(sides, area, location, location % width, location / width, stride, label, _decoder.Score(value), logits);
        }
    }

    /// <summary>Runs NMS over the candidates of all levels and returns the detections, highest score first. Call once.</summary>
    public Detection[] Finish()
    {
        if (_finished)
        {
            throw new InvalidOperationException("The decoding of this image is finished; begin another.");
        }

        _finished = true;
        (int Index, Detection Detection)[] retained = CandidateSelection.Apply(_candidates, _options);
        float[] logits = _sideLogits == 0 ? [] : new float[retained.Length * _sideLogits];
        Detection[] detections = new Detection[retained.Length];
        for (int i = 0; i < detections.Length; i++)
        {
            detections[i] = CreateDetection(retained[i].Index, retained[i].Detection, logits, i * _sideLogits);
        }

        ReturnBuffer();
        return detections;
    }

    private void Add(
        ReadOnlySpan<float> sides, int area, int location, int column, int row, int stride, int label, float score, Span<float> logits)
    {
        Span<float> means = stackalloc float[4];
        Span<float> deviations = stackalloc float[4];
        int channel = location;
        for (int i = 0; i < logits.Length; i++, channel += area)
        {
            logits[i] = sides[channel];
        }

        int bins = logits.Length / 4;
        for (int side = 0; side < 4; side++)
        {
            (means[side], deviations[side]) = DistributionMath.Moments(logits.Slice(side * bins, bins));
        }

        float x = (column * (float)stride) + (_decoder.CenterOffset * stride);
        float y = (row * (float)stride) + (_decoder.CenterOffset * stride);
        SideValues distance = new SideValues(means[0], means[1], means[2], means[3]).Scale(stride, stride);
        (float backX, float backY) = ((float)(1.0 / _resizeTransform.ScaleX), (float)(1.0 / _resizeTransform.ScaleY));
        Box expected = BoxCoder.Decode(x, y, distance);
        Box box = expected.Clip(_resizeTransform.Width, _resizeTransform.Height).Scale(backX, backY);

        // A side of NaN, from logits that are not finite, has no area either.
        if (box.IsEmpty)
        {
            return;
        }

        if (_sideLogits > 0)
        {
            logits.CopyTo(_logits.AsSpan(_candidates.Count * _sideLogits));
            _locationTransforms.Add(new LocationTransform(x * backX, y * backY, stride * backX, stride * backY));
        }

        SideValues deviation = new SideValues(deviations[0], deviations[1], deviations[2], deviations[3]);
        _candidates.Add(new Detection(box, label, score, deviation.Scale(stride * backX, stride * backY))
        {
            Mean = new SideValues(expected.X1, expected.Y1, expected.X2, expected.Y2).Scale(backX, backY),
        });
    }

    // For the few detections that remain after NMS, the logits are retained, so that quantiles can be computed on demand.
    private Detection CreateDetection(int index, Detection candidate, float[] logits, int start)
    {
        if (_sideLogits == 0)
        {
            return candidate;
        }

        _logits.AsSpan(index * _sideLogits, _sideLogits).CopyTo(logits.AsSpan(start));
        EdgeDistributionReader reading = new(logits, start, _sideLogits / 4, _locationTransforms[index]);
        return candidate with
        {
            Quantiles = _options.Quantiles.Count > 0 ? new EdgeQuantiles(reading, _options.Quantiles) : EdgeQuantiles.None,
            Distributions = _options.IncludeDistributions ? reading.ReadDistributions() : null,
        };
    }

    private void EnsureCapacity(int candidates)
    {
        int wanted = checked(candidates * _sideLogits);
        if (wanted > _logits.Length)
        {
            float[] larger = ArrayPool<float>.Shared.Rent(wanted);
            _logits.AsSpan(0, _candidates.Count * _sideLogits).CopyTo(larger);
            ReturnBuffer();
            _logits = larger;
        }
    }

    private void ReturnBuffer()
    {
        if (_logits.Length > 0)
        {
            ArrayPool<float>.Shared.Return(_logits);
            _logits = [];
        }
    }
}
