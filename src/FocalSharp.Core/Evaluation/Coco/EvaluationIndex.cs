namespace FocalSharp.Evaluation.Coco;

/// <summary>
/// Ground truth and results grouped into cells of (category, image) that are matched independently: by category id,
/// then image id, then file order. Grouping uses counting sorts over flat arrays.
/// </summary>
internal sealed class EvaluationIndex
{
    private EvaluationIndex(CocoCategory[] categories, long[] imageIds, int[] truths, int[] detections, EvaluationCell[] pairs, int[] pairStarts)
    {
        Categories = categories;
        ImageIds = imageIds;
        Truths = truths;
        Detections = detections;
        Cells = pairs;
        CellStarts = pairStarts;
    }

    /// <summary>Gets the evaluated categories, by id; a single one of id −1 if they are pooled.</summary>
    public CocoCategory[] Categories { get; }

    /// <summary>Gets the evaluated images, ascending.</summary>
    public long[] ImageIds { get; }

    /// <summary>Gets the positions in the ground truth, by cell.</summary>
    public int[] Truths { get; }

    /// <summary>Gets the positions in the results, by cell.</summary>
    public int[] Detections { get; }

    /// <summary>Gets the cells that are not empty.</summary>
    public EvaluationCell[] Cells { get; }

    /// <summary>Gets the first cell of each category and, at the end, the number of cells.</summary>
    public int[] CellStarts { get; }

    /// <summary>Groups ground truth and results.</summary>
    /// <exception cref="DatasetException">A result refers to an image or category that the ground truth does not contain.</exception>
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
        return new EvaluationIndex(categories, grouping.ImageIds, truths, detections, pairs, starts);
    }

    private static CocoCategory[] Categorize(CocoGroundTruth truth, CategoryImageOrder grouping)
    {
        if (!grouping.UseCategories)
        {
            return [new CocoCategory(-1, "all categories")];
        }

        ILookup<int, CocoCategory> listed = truth.Categories.ToLookup(category => category.Id);
        return [.. grouping.CategoryIds.Select(id => listed[id].FirstOrDefault(new CocoCategory(id, $"{id}")))];
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
            pairs.Add(new EvaluationCell(category, (int)(key % imageCount), truthStart, truth - truthStart, detectionStart, detection - detectionStart));
            starts[category + 1] = pairs.Count;
        }

        for (int category = 0; category < categoryCount; category++)
        {
            starts[category + 1] = Math.Max(starts[category + 1], starts[category]);
        }

        return [.. pairs];
    }
}
