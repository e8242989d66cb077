namespace FocalSharp.Evaluation.Coco;

/// <summary>
/// Matches the detections of one image and category to its objects, greedily by score, with the rules and the tie order of the
/// reference COCOeval. An instance is used by one thread and reuses its buffers.
/// </summary>
internal sealed class EvaluationCellMatcher(CocoAnnotation[] annotations, CocoResult[] entries, double[] thresholds, bool zeroIdIsUnmatched = false)
{
    /// <summary>The reference's upper bound of thresholds, so that a perfect box passes at 1.</summary>
    private const double HighestThreshold = 1 - 1e-10;

    private double[] _keys = [];
    private double[] _overlaps = [];
    private double[] _best = [];
    private bool[] _taken = [];
    private bool _ignoreUnmatched;

    /// <summary>Gets the positions of the detections in the results, in descending order of score, up to the limit.</summary>
    public int[] Detections { get; private set; } = [];

    /// <summary>Gets the used length of <see cref="Detections"/>.</summary>
    public int DetectionCount { get; private set; }

    /// <summary>Gets the positions of the objects in the ground truth, in file order.</summary>
    public int[] Truths { get; private set; } = [];

    /// <summary>Gets the used length of <see cref="Truths"/>.</summary>
    public int TruthCount { get; private set; }

    /// <summary>
    /// Gets, after <see cref="Match"/>, indices into <see cref="Truths"/>: counted objects before ignored ones.
    /// </summary>
    public int[] Order { get; private set; } = [];

    /// <summary>
    /// Gets, after <see cref="Match"/>, the number of counted objects; those behind them in <see cref="Order"/> are ignored.
    /// </summary>
    public int CountedTruths { get; private set; }

    /// <summary>
    /// Gets, after <see cref="Match"/>, for threshold t and detection d, at t · DetectionCount + d, the matched position in <see
    /// cref="Order"/> or −1.
    /// </summary>
    public int[] Matches { get; private set; } = [];

    /// <summary>Loads a cell: sorts its detections, truncates them to the limit, and computes all overlaps.</summary>
    /// <param name="truths">Positions in the ground truth.</param>
    /// <param name="detections">Positions in the results.</param>
    /// <param name="maxDetections">The limit.</param>
    /// <param name="ignoreUnmatched">Whether detections without a match are neither right nor wrong, because not all objects are annotated (LVIS).</param>
    public void Load(ReadOnlySpan<int> truths, ReadOnlySpan<int> detections, int maxDetections, bool ignoreUnmatched = false)
    {
        _ignoreUnmatched = ignoreUnmatched;
        EnsureCapacity(truths.Length, detections.Length, Math.Min(detections.Length, maxDetections));
        truths.CopyTo(Truths);
        for (int d = 0; d < detections.Length; d++)
        {
            _keys[d] = -entries[detections[d]].Score;
            Detections[d] = d;
        }

        // Ranks are sorted, not positions: pooled categories follow one another, so that positions do not ascend.
        Span<int> order = Detections.AsSpan(0, detections.Length);
        StableSort.Sort(_keys.AsSpan(0, detections.Length), order);
        foreach (ref int d in order)
        {
            d = detections[d];
        }

        TruthCount = truths.Length;
        DetectionCount = Math.Min(detections.Length, maxDetections);
        for (int d = 0; d < DetectionCount; d++)
        {
            CocoBox box = entries[Detections[d]].Box;
            double best = 0;
            for (int g = 0; g < TruthCount; g++)
            {
                ref readonly CocoAnnotation truth = ref annotations[Truths[g]];
                double overlap = box.Overlap(truth.Box, truth.IsCrowd);
                _overlaps[(d * TruthCount) + g] = overlap;
                best = Math.Max(best, overlap);
            }

            _best[d] = best;
        }
    }

    /// <summary>Returns whether an object is ignored in an area range: a crowd, or outside the range.</summary>
    public static bool IsIgnored(in CocoAnnotation truth, AreaRange area) => truth.IsCrowd || !area.Contains(truth.Area);

    /// <summary>
    /// Returns whether a position in <see cref="Order"/>, or −1, counts as a match.
    /// </summary>
    public bool IsMatch(int place) => place >= 0 && !(zeroIdIsUnmatched && annotations[Truths[Order[place]]].Id == 0);

    /// <summary>
    /// Returns whether a detection is neither right nor wrong: it matches an ignored object, or is unmatched and out of range.
    /// </summary>
    public bool IsIgnored(int place, int detection, AreaRange area) =>
        (place >= CountedTruths) || (!IsMatch(place) && (_ignoreUnmatched || !area.Contains(entries[Detections[detection]].Box.Area)));

    /// <summary>Matches at every threshold.</summary>
    public void Match(AreaRange area)
    {
        OrderTruths(area);
        for (int t = 0; t < thresholds.Length; t++)
        {
            double threshold = Math.Min(thresholds[t], HighestThreshold);
            Span<int> matches = Matches.AsSpan(t * DetectionCount, DetectionCount);
            Array.Clear(_taken, 0, TruthCount);
            for (int d = 0; d < matches.Length; d++)
            {
                matches[d] = _best[d] < threshold ? -1 : BestTruth(d, threshold);
                if (matches[d] >= 0)
                {
                    _taken[matches[d]] = true;
                }
            }
        }
    }

    private void OrderTruths(AreaRange area)
    {
        int place = 0;
        for (int g = 0; g < TruthCount; g++)
        {
            if (!IsIgnored(annotations[Truths[g]], area))
            {
                Order[place++] = g;
            }
        }

        CountedTruths = place;
        for (int g = 0; g < TruthCount; g++)
        {
            if (IsIgnored(annotations[Truths[g]], area))
            {
                Order[place++] = g;
            }
        }
    }

    private int BestTruth(int detection, double threshold)
    {
        int match = -1;
        for (int place = 0; place < TruthCount; place++)
        {
            if (match >= 0 && match < CountedTruths && place >= CountedTruths)
            {
                break; // a counted object takes precedence over any ignored one, regardless of IoU
            }

            int g = Order[place];
            double overlap = _overlaps[(detection * TruthCount) + g];

            // Not "<=": at equal IoU the reference takes the later object. A crowd may be matched repeatedly.
            if (overlap < threshold || (_taken[place] && !annotations[Truths[g]].IsCrowd))
            {
                continue;
            }

            threshold = overlap;
            match = place;
        }

        return match;
    }

    private void EnsureCapacity(int truths, int detections, int retained)
    {
        if (truths > Truths.Length)
        {
            Truths = new int[truths * 2];
            Order = new int[truths * 2];
            _taken = new bool[truths * 2];
        }

        if (detections > Detections.Length)
        {
            Detections = new int[detections * 2];
            _keys = new double[detections * 2];
            _best = new double[detections * 2];
            Matches = new int[detections * 2 * thresholds.Length];
        }

        if ((long)truths * retained > _overlaps.Length)
        {
            _overlaps = new double[checked(truths * retained)];
        }
    }
}
