namespace FocalSharp.Evaluation.Coco;

/// <summary>
/// Ground truth and results grouped into pairs of (category, image) that are matched apart from each other: categories by id, in
/// them images by id, in them the order of the files. Grouping is by counting sorts over flat arrays.
/// </summary>
internal sealed class EvaluationIndex
{
    private EvaluationIndex(CocoCategory[] categories, int[] truths, int[] detections, EvaluationCell[] pairs, int[] pairStarts)
    {
        Categories = categories;
        Truths = truths;
        Detections = detections;
        Cells = pairs;
        CellStarts = pairStarts;
    }

    /// <summary>The categories judged, by id; one of id −1 where they are pooled.</summary>
    public CocoCategory[] Categories { get; }

    /// <summary>Positions in the ground truth, pair by pair.</summary>
    public int[] Truths { get; }

    /// <summary>Positions in the results, pair by pair.</summary>
    public int[] Detections { get; }

    /// <summary>The pairs that hold anything.</summary>
    public EvaluationCell[] Cells { get; }

    /// <summary>Each category's first pair, and after the last the number of pairs.</summary>
    public int[] CellStarts { get; }

    /// <summary>Groups both sides.</summary>
    /// <exception cref="FocalSharpException">A result names an image or category that the ground truth does not have.</exception>
    public static EvaluationIndex Build(CocoGroundTruth truth, CocoResults results, CocoEvaluationOptions options)
    {
        CocoResultsValidator.Validate(truth, results, options.IgnoreUnknownCategories);
        CategoryImageOrder grouping = new(
            [.. (options.ImageIds ?? truth.ImageIds).Distinct().Order()],
            [.. (options.CategoryIds ?? truth.Categories.Select(category => category.Id)).Distinct().Order()],
            options.UseCategories);
        (int[] truths, long[] truthKeys) = grouping.Sort(
            truth.Annotations.Length, i => (truth.Annotations[i].ImageId, truth.Annotations[i].CategoryId));
        (int[] detections, long[] detectionKeys) = grouping.Sort(
            results.Entries.Length, i => (results.Entries[i].ImageId, results.Entries[i].CategoryId));
        CocoCategory[] categories = Categorize(truth, grouping);
        EvaluationCell[] pairs = Join(truthKeys, detectionKeys, grouping.ImageIds.Length, out int[] starts, categories.Length);
        return new EvaluationIndex(categories, truths, detections, pairs, starts);
    }

    private static CocoCategory[] Categorize(CocoGroundTruth truth, CategoryImageOrder grouping)
    {
        if (!grouping.UseCategories)
        {
            return [new CocoCategory(-1, "all categories")];
        }

        ILookup<int, string> names = truth.Categories.ToLookup(category => category.Id, category => category.Name);
        return [.. grouping.CategoryIds.Select(id => new CocoCategory(id, names[id].FirstOrDefault($"{id}")))];
    }

    private static EvaluationCell[] Join(long[] truthKeys, long[] detectionKeys, int imageCount, out int[] starts, int categoryCount)
    {
        List<EvaluationCell> pairs = [];
        starts = new int[categoryCount + 1];
        int truth = 0;
        int detection = 0;
        while (truth < truthKeys.Length || detection < detectionKeys.Length)
        {
            long left = truth < truthKeys.Length ? truthKeys[truth] : long.MaxValue;
            long right = detection < detectionKeys.Length ? detectionKeys[detection] : long.MaxValue;
            long key = Math.Min(left, right);
            int truthStart = truth;
            int detectionStart = detection;
            while (truth < truthKeys.Length && truthKeys[truth] == key)
            {
                truth++;
            }

            while (detection < detectionKeys.Length && detectionKeys[detection] == key)
            {
                detection++;
            }

            int category = (int)(key / imageCount);
            pairs.Add(new EvaluationCell(category, truthStart, truth - truthStart, detectionStart, detection - detectionStart));
            starts[category + 1] = pairs.Count;
        }

        for (int category = 0; category < categoryCount; category++)
        {
            starts[category + 1] = Math.Max(starts[category + 1], starts[category]);
        }

        return [.. pairs];
    }
}
