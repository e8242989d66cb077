namespace FocalSharp.Evaluation.Protocols;

/// <summary>
/// Computes the AP of one class for any weights of the images, in time proportional to its detections plus its right detections at each IoU. A
/// weight of n is the same as n copies of the image. An instance is used by one thread at a time for one set of weights.
/// </summary>
internal sealed class WeightedPrecision
{
    private readonly ClassMatches _matches;
    private readonly double[]? _recalls;
    private readonly int[][] _right;
    private readonly int[][] _ignored;
    private readonly int _length;

    /// <summary>Prepares the positions of right and of ignored detections at each threshold.</summary>
    public WeightedPrecision(ClassMatches matches, int thresholds, double[]? recalls)
    {
        _matches = matches;
        _recalls = recalls;
        _right = [.. Enumerable.Range(0, thresholds).Select(t => Positions(matches, d => (matches.Matched[d] & ~matches.Ignored[d]) >> t & 1))];

        // What comes after the last right detection changes no precision that AP reads.
        _length = _right.Max(positions => positions.Length == 0 ? 0 : positions[^1] + 1);
        _ignored = [.. Enumerable.Range(0, thresholds).Select(t => Positions(matches, d => d < _length ? matches.Ignored[d] >> t & 1 : 0))];
    }

    /// <summary>Gets the length that the buffer must have.</summary>
    public int BufferLength => _length + 1 + (2 * _right.Max(positions => positions.Length));

    /// <summary>Computes AP at every threshold; false if no counted object has a weight, so that AP is undefined.</summary>
    /// <param name="weights">The weight of each image.</param>
    /// <param name="buffer">Space for intermediate values; see <see cref="BufferLength"/>.</param>
    /// <param name="averagePrecision">Receives AP by threshold.</param>
    public bool TryCompute(ReadOnlySpan<int> weights, Span<double> buffer, Span<double> averagePrecision)
    {
        long objects = 0;
        foreach (int image in _matches.TruthImages)
        {
            objects += weights[image];
        }

        if (objects == 0)
        {
            return false;
        }

        Span<double> counted = buffer[..(_length + 1)];
        double sum = 0;
        counted[0] = 0;
        for (int d = 0; d < _length; d++)
        {
            sum += weights[_matches.Images[d]];
            counted[d + 1] = sum;
        }

        for (int t = 0; t < _right.Length; t++)
        {
            averagePrecision[t] = Compute(t, weights, counted, buffer[(_length + 1)..], objects);
        }

        return true;
    }

    private double Compute(int t, ReadOnlySpan<int> weights, ReadOnlySpan<double> counted, Span<double> buffer, double objects)
    {
        int[] right = _right[t];
        int[] ignored = _ignored[t];
        Span<double> precision = buffer[..right.Length];
        Span<double> recall = buffer.Slice(right.Length, right.Length);
        int count = 0;
        double found = 0;
        double skipped = 0;
        int next = 0;
        foreach (int position in right)
        {
            int weight = weights[_matches.Images[position]];
            if (weight == 0)
            {
                continue;
            }

            for (; next < ignored.Length && ignored[next] < position; next++)
            {
                skipped += weights[_matches.Images[ignored[next]]];
            }

            found += weight;
            precision[count] = found / (counted[position + 1] - skipped);
            recall[count] = found / objects;
            count++;
        }

        for (int i = count - 1; i > 0; i--)
        {
            precision[i - 1] = Math.Max(precision[i - 1], precision[i]);
        }

        return _recalls is null ? Area(precision[..count], recall) : Interpolate(precision[..count], recall);
    }

    private static double Area(ReadOnlySpan<double> precision, ReadOnlySpan<double> recall)
    {
        double area = 0;
        double last = 0;
        for (int i = 0; i < precision.Length; i++)
        {
            area += (recall[i] - last) * precision[i];
            last = recall[i];
        }

        return area;
    }

    private double Interpolate(ReadOnlySpan<double> precision, ReadOnlySpan<double> recall)
    {
        double sum = 0;
        int at = 0;
        foreach (double wanted in _recalls!)
        {
            while (at < precision.Length && recall[at] < wanted)
            {
                at++;
            }

            if (at == precision.Length)
            {
                break;
            }

            sum += precision[at];
        }

        return sum / _recalls.Length;
    }

    private static int[] Positions(ClassMatches matches, Func<int, ulong> selects) =>
        [.. Enumerable.Range(0, matches.Scores.Length).Where(d => selects(d) != 0)];
}
