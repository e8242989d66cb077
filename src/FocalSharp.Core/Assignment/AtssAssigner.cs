using FocalSharp.Boxes;

namespace FocalSharp.Assignment;

/// <summary>
/// Adaptive Training Sample Selection (arXiv 1912.02424), the assignment used by the GFL paper. The candidates of an object are the
/// anchors nearest to its center on every level; the candidates whose IoU reaches the mean plus the standard deviation of all
/// candidates' IoU, and whose center lies in the object, are positive.
/// </summary>
/// <remarks>
/// Ties: at equal distance the anchor with the lower index is the candidate; an anchor claimed by several objects goes to the one with
/// the highest IoU, at equal IoU to the first. Candidates are searched around the object's center, so the cost grows with the number of
/// objects, not with the size of the image.
/// </remarks>
/// <param name="options">Settings; null for the official ones.</param>
/// <exception cref="ArgumentOutOfRangeException"><see cref="AtssOptions.TopK"/> is less than 1, or a threshold is NaN.</exception>
public sealed class AtssAssigner(AtssOptions? options = null) : IAssigner
{
    /// <summary>The distance in pixels from the object's border that the center of a positive anchor must exceed (official: 0.01, strict).</summary>
    public const float InsideMargin = 0.01f;

    // Reused between calls: for images with many objects these arrays are large, and allocating them costs more than filling them.
    [ThreadStatic]
    private static Workspace? s_workspace;

    private readonly AtssOptions _options = Validate(options ?? new());

    /// <inheritdoc/>
    public bool NeedsPredictions => false;

    /// <inheritdoc/>
    public AnchorAssignment Assign(AnchorGrid grid, GroundTruth groundTruth, AnchorPredictions predictions)
    {
        ArgumentNullException.ThrowIfNull(groundTruth);
        return Assign(grid, groundTruth.Boxes, groundTruth.Labels, groundTruth.IgnoredBoxes);
    }

    /// <summary>Assigns the anchors of one image.</summary>
    /// <param name="grid">The anchors of the image; only valid ones are assigned (see <see cref="AnchorGrid.ForImage"/>).</param>
    /// <param name="boxes">The objects' boxes, <c>xyxy</c> in pixels of the input, four numbers each.</param>
    /// <param name="labels">The objects' 0-based classes.</param>
    /// <param name="ignoredBoxes">Boxes whose area is neither object nor background, in the layout of <paramref name="boxes"/>.</param>
    /// <exception cref="ArgumentException">The numbers of boxes and labels differ, a box is not finite or inverted, or a label is negative.</exception>
    public AnchorAssignment Assign(
        AnchorGrid grid, ReadOnlySpan<float> boxes, ReadOnlySpan<int> labels, ReadOnlySpan<float> ignoredBoxes = default)
    {
        ArgumentNullException.ThrowIfNull(grid);
        if (boxes.Length != 4 * labels.Length || ignoredBoxes.Length % 4 != 0)
        {
            throw new ArgumentException(
                $"{labels.Length} labels need {4 * labels.Length} box coordinates; {boxes.Length} were given (and {ignoredBoxes.Length} of ignored boxes).",
                nameof(boxes));
        }

        if (labels.IsEmpty)
        {
            // The official code returns before it looks at ignored boxes.
            return AnchorAssignment.Empty;
        }

        AssignmentGuard.CheckPixels(boxes);
        AssignmentGuard.RequireIgnored(ignoredBoxes);
        bool[] skipped = MarkIgnored(grid, ignoredBoxes);
        Workspace workspace = s_workspace ??= new Workspace();
        workspace.Matches.Clear();
        int capacity = _options.TopK * grid.Levels.Length;
        Span<int> candidates = capacity <= 256 ? stackalloc int[capacity] : new int[capacity];
        Span<float> work = capacity <= 256 ? stackalloc float[capacity] : new float[capacity];
        for (int i = 0; i < labels.Length; i++)
        {
            Box box = new(boxes[4 * i], boxes[(4 * i) + 1], boxes[(4 * i) + 2], boxes[(4 * i) + 3]);
            AssignmentGuard.RequireObject(boxes, labels, i);
            int found = 0;
            foreach (ref readonly AnchorLevel level in grid.Levels)
            {
                Span<int> rest = candidates.Slice(found, _options.TopK);
                found += NearestAnchors.Find(grid, level, (box.X1 + box.X2) / 2, (box.Y1 + box.Y2) / 2, skipped, rest, work);
            }

            SelectPositives(grid, box, i, candidates[..found], work[..found], workspace.Matches);
        }

        return Resolve(workspace, labels, skipped);
    }

    /// <summary>
    /// Returns the IoU from which an object's candidates are positive: mean plus standard deviation of their IoU; NaN if there are fewer than two.
    /// </summary>
    internal float GetThreshold(AnchorGrid grid, Box box)
    {
        int[] candidates = new int[_options.TopK * grid.Levels.Length];
        float[] work = new float[candidates.Length];
        int found = 0;
        foreach (ref readonly AnchorLevel level in grid.Levels)
        {
            Span<int> rest = candidates.AsSpan(found, _options.TopK);
            found += NearestAnchors.Find(grid, level, (box.X1 + box.X2) / 2, (box.Y1 + box.Y2) / 2, [], rest, work);
        }

        return ComputeThreshold(grid, box, candidates.AsSpan(0, found), work.AsSpan(0, found));
    }

    private static AtssOptions Validate(AtssOptions options) => options switch
    {
        { TopK: < 1 } => throw new ArgumentOutOfRangeException(nameof(options), options.TopK, "ATSS needs at least one candidate per level: TopK ≥ 1."),
        { IgnoreIofThreshold: double.NaN } => throw new ArgumentOutOfRangeException(nameof(options), options.IgnoreIofThreshold, "IgnoreIofThreshold must be a number; −1 turns ignoring off."),
        _ => options,
    };

    private static void SelectPositives(
        AnchorGrid grid, Box box, int groundTruth, ReadOnlySpan<int> candidates, Span<float> overlaps, List<Match> matches)
    {
        float threshold = ComputeThreshold(grid, box, candidates, overlaps);
        for (int i = 0; i < candidates.Length; i++)
        {
            (float x, float y) = grid.Center(candidates[i]);
            float inside = Math.Min(Math.Min(x - box.X1, y - box.Y1), Math.Min(box.X2 - x, box.Y2 - y));
            if (overlaps[i] >= threshold && inside > InsideMargin)
            {
                matches.Add(new Match(candidates[i], groundTruth, overlaps[i]));
            }
        }
    }

    private static float ComputeThreshold(AnchorGrid grid, Box box, ReadOnlySpan<int> candidates, Span<float> overlaps)
    {
        double sum = 0;
        for (int i = 0; i < candidates.Length; i++)
        {
            overlaps[i] = BoxIou.Iou(grid.Anchor(candidates[i]), box);
            sum += overlaps[i];
        }

        double mean = sum / candidates.Length;
        double squares = 0;
        foreach (float overlap in overlaps)
        {
            squares += (overlap - mean) * (overlap - mean);
        }

        // Unbiased: the deviation of a single candidate is NaN, so that no candidate reaches the threshold.
        return (float)mean + (float)Math.Sqrt(squares / (candidates.Length - 1));
    }

    private static AnchorAssignment Resolve(Workspace workspace, ReadOnlySpan<int> labels, bool[] skipped)
    {
        // Sorted by anchor, then by object: an anchor goes to the first object with the highest IoU.
        List<Match> matches = workspace.Matches;
        Span<ulong> order = workspace.Order;
        Span<Match> best = workspace.Best;
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = ((ulong)matches[i].Anchor << 32) | (uint)i;
        }

        order.Sort();
        int count = 0;
        foreach (ulong key in order)
        {
            Match match = matches[(int)(uint)key];
            if (count == 0 || match.Anchor != best[count - 1].Anchor)
            {
                best[count++] = match;
            }
            else if (match.Overlap > best[count - 1].Overlap)
            {
                best[count - 1] = match;
            }
        }

        int[] anchors = new int[count];
        int[] groundTruths = new int[count];
        int[] classes = new int[count];
        float[] overlaps = new float[count];
        for (int i = 0; i < count; i++)
        {
            (anchors[i], groundTruths[i], overlaps[i]) = (best[i].Anchor, best[i].GroundTruth, best[i].Overlap);
            classes[i] = labels[groundTruths[i]];
            if (skipped.Length > 0)
            {
                skipped[anchors[i]] = false;
            }
        }

        return new AnchorAssignment(anchors, groundTruths, classes, overlaps, Indices(skipped));
    }

    private bool[] MarkIgnored(AnchorGrid grid, ReadOnlySpan<float> ignoredBoxes)
    {
        if (ignoredBoxes.IsEmpty || _options.IgnoreIofThreshold <= 0)
        {
            return [];
        }

        bool[] skipped = new bool[grid.Count];
        float threshold = (float)_options.IgnoreIofThreshold;
        foreach (AnchorLevel level in grid.Levels)
        {
            for (int row = 0; row < level.ValidHeight; row++)
            {
                for (int column = 0; column < level.ValidWidth; column++)
                {
                    int index = level.Start + (row * level.Width) + column;
                    Box anchor = grid.Anchor(index);
                    for (int i = 0; i < ignoredBoxes.Length && !skipped[index]; i += 4)
                    {
                        Box ignored = new(ignoredBoxes[i], ignoredBoxes[i + 1], ignoredBoxes[i + 2], ignoredBoxes[i + 3]);
                        skipped[index] = BoxIou.Iof(anchor, ignored) > threshold;
                    }
                }
            }
        }

        return skipped;
    }

    private static int[] Indices(bool[] marks)
    {
        List<int> indices = [];
        for (int i = 0; i < marks.Length; i++)
        {
            if (marks[i])
            {
                indices.Add(i);
            }
        }

        return [.. indices];
    }

    private readonly record struct Match(int Anchor, int GroundTruth, float Overlap);

    private sealed class Workspace
    {
        private ulong[] _order = [];
        private Match[] _best = [];

        public List<Match> Matches { get; } = [];

        public Span<ulong> Order => EnsureCapacity(ref _order);

        public Span<Match> Best => EnsureCapacity(ref _best);

        private Span<T> EnsureCapacity<T>(ref T[] array)
        {
            if (array.Length < Matches.Count)
            {
                array = new T[Math.Max(Matches.Count, 2 * array.Length)];
            }

            return array.AsSpan(0, Matches.Count);
        }
    }
}
