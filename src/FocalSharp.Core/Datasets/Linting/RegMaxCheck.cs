namespace FocalSharp.Datasets.Linting;

/// <summary>Compares boxes with <c>regMax · stride</c> and finds a setting that covers them.</summary>
internal static class RegMaxCheck
{
    private const int MaxRegMax = 32;
    private const int MaxExtraLevels = 3;

    /// <param name="boxes">Widths and heights at the input size, in pixels.</param>
    /// <param name="options">The setting to check.</param>
    public static RegMaxReport Run(IReadOnlyList<(double Width, double Height)> boxes, DatasetCheckOptions options)
    {
        int[] strides = [.. options.Strides];
        int[] byLevel = new int[strides.Length];
        int sides = 0;
        foreach ((double width, double height) in boxes)
        {
            int level = FindLevel(width, height, strides, options.AnchorScale);
            double reach = (double)options.RegMax * strides[level];
            byLevel[level]++;
            sides += (width / 2 > reach ? 2 : 0) + (height / 2 > reach ? 2 : 0);
        }

        double share = ComputeUnreachableFraction(boxes, strides, options.RegMax, options.AnchorScale);
        int? smallest = FindSmallestRegMax(boxes, strides, options);
        double shareOfSides = boxes.Count == 0 ? 0 : sides / (4.0 * boxes.Count);
        return new RegMaxReport(
            options.RegMax, strides, shareOfSides, share, byLevel, smallest, Recommend(boxes, strides, share, smallest, options));
    }

    /// <summary>Returns the level whose anchor side is nearest in scale (by ratio) to the box; at equal distance the finer one.</summary>
    public static int FindLevel(double width, double height, ReadOnlySpan<int> strides, int anchorScale)
    {
        double scale = Math.Log(Math.Max(Math.Sqrt(width * height), 1e-6));
        int best = 0;
        double nearest = double.PositiveInfinity;
        for (int level = 0; level < strides.Length; level++)
        {
            double distance = Math.Abs(scale - Math.Log((double)anchorScale * strides[level]));
            if (distance < nearest)
            {
                (nearest, best) = (distance, level);
            }
        }

        return best;
    }

    private static double ComputeUnreachableFraction(IReadOnlyList<(double Width, double Height)> boxes, int[] strides, int regMax, int anchorScale) =>
        boxes.Count == 0
            ? 0
            : boxes.Count(box => RequiredRegMax(box, strides, anchorScale) > regMax) / (double)boxes.Count;

    // The distance in strides from the center of the box to its farthest side.
    public static double RequiredRegMax((double Width, double Height) box, int[] strides, int anchorScale) =>
        Math.Max(box.Width, box.Height) / 2 / strides[FindLevel(box.Width, box.Height, strides, anchorScale)];

    private static int? FindSmallestRegMax(IReadOnlyList<(double Width, double Height)> boxes, int[] strides, DatasetCheckOptions options)
    {
        // The fraction falls as regMax grows, so that the sorted values of all boxes give the answer.
        double[] needs =
        [
            .. boxes.Select(box => RequiredRegMax(box, strides, options.AnchorScale)).Order(),
        ];
        for (int regMax = 1; regMax <= MaxRegMax; regMax++)
        {
            if (needs.Length == 0 || needs.Count(need => need > regMax) < options.MaxUnreachableFraction * needs.Length)
            {
                return regMax;
            }
        }

        return null;
    }

    private static RegMaxRecommendation Recommend(
        IReadOnlyList<(double Width, double Height)> boxes,
        int[] strides,
        double share,
        int? smallest,
        DatasetCheckOptions options)
    {
        if (boxes.Count == 0)
        {
            return new RegMaxRecommendation(options.RegMax, strides, 0, "There are no boxes; no change is recommended.");
        }

        string limit = options.MaxUnreachableFraction.ToString("P1");
        if (share < options.MaxUnreachableFraction)
        {
            string room = smallest < options.RegMax ? $" regMax {smallest} would be sufficient." : "";
            return new RegMaxRecommendation(
                options.RegMax,
                strides,
                share,
                $"No change is needed: {share:P2} of the boxes extend beyond regMax·stride, less than the limit of {limit}.{room}");
        }

        string now = $"{share:P2} of the boxes extend beyond regMax {options.RegMax} times the stride of their level";
        if (smallest is { } enough)
        {
            return new RegMaxRecommendation(
                enough,
                strides,
                ComputeUnreachableFraction(boxes, strides, enough, options.AnchorScale),
                $"{now}; regMax {enough} is the smallest with less than {limit}.");
        }

        int[] more = strides;
        for (int extra = 1; extra <= MaxExtraLevels; extra++)
        {
            more = [.. more, more[^1] * 2];
            if (FindSmallestRegMax(boxes, more, options) is { } regMax)
            {
                return new RegMaxRecommendation(
                    regMax,
                    more,
                    ComputeUnreachableFraction(boxes, more, regMax, options.AnchorScale),
                    $"{now}, and no regMax up to {MaxRegMax} helps; "
                    + $"a coarser level of stride {more[^1]} with regMax {regMax} gives less than {limit}.");
            }
        }

        return new RegMaxRecommendation(
            MaxRegMax,
            strides,
            ComputeUnreachableFraction(boxes, strides, MaxRegMax, options.AnchorScale),
            $"{now}; these boxes are too elongated for any setting: "
            + $"split them into parts, or set regMax above {MaxRegMax} manually.");
    }
}
