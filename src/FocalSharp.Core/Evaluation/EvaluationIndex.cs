namespace FocalSharp.Evaluation;

/// <summary>
/// Ground truth and results grouped into pairs of (category, image) that are matched apart from each other: categories by id, in
/// them images by id, in them the order of the files. Grouping is by counting sorts over flat arrays.
/// </summary>
internal sealed class EvaluationIndex
{
    private EvaluationIndex(CocoCategory[] categories, int[] truths, int[] detections, MatchPair[] pairs, int[] pairStarts)
    {
        Categories = categories;
        Truths = truths;
        Detections = detections;
        Pairs = pairs;
        PairStarts = pairStarts;
    }

    /// <summary>The categories judged, by id; one of id −1 where they are pooled.</summary>
    public CocoCategory[] Categories { get; }

    /// <summary>Positions in the ground truth, pair by pair.</summary>
    public int[] Truths { get; }

    /// <summary>Positions in the results, pair by pair.</summary>
    public int[] Detections { get; }

    /// <summary>The pairs that hold anything.</summary>
    public MatchPair[] Pairs { get; }

    /// <summary>Each category's first pair, and after the last the number of pairs.</summary>
    public int[] PairStarts { get; }

    /// <summary>Groups both sides.</summary>
    /// <exception cref="UserErrorException">A result names an image or category that the ground truth does not have.</exception>
    public static EvaluationIndex Build(CocoGroundTruth truth, CocoResults results, CocoEvaluationOptions options)
    {
        Dictionary<int, string> names = [];
        foreach (CocoCategory category in truth.Categories)
        {
            names.TryAdd(category.Id, category.Name);
        }

        long[] imageIds = [.. (options.ImageIds ?? truth.ImageIds).Distinct().Order()];
        int[] categoryIds = [.. (options.CategoryIds ?? names.Keys).Distinct().Order()];
        Dictionary<long, int> imageOf = Positions(imageIds);
        Dictionary<int, int> categoryOf = Positions(categoryIds);
        CheckResults(truth, results, options, imageOf, categoryOf, names);

        int[] truths = Group(truth.Annotations.Length, i => (truth.Annotations[i].ImageId, truth.Annotations[i].CategoryId), out int[] truthImages, out int[] truthCategories);
        int[] detections = Group(results.Entries.Length, i => (results.Entries[i].ImageId, results.Entries[i].CategoryId), out int[] detectionImages, out int[] detectionCategories);

        CocoCategory[] categories = options.UseCategories
            ? [.. categoryIds.Select(id => new CocoCategory(id, names.GetValueOrDefault(id, $"{id}")))]
            : [new CocoCategory(-1, "all categories")];
        MatchPair[] pairs = Join(truths, Key(truthImages, truthCategories), detections, Key(detectionImages, detectionCategories), imageIds.Length, out int[] starts, categories.Length);
        return new EvaluationIndex(categories, truths, detections, pairs, starts);

        int[] Group(int count, Func<int, (long Image, int Category)> entry, out int[] images, out int[] classes)
        {
            images = new int[count];
            classes = new int[count];
            int[] known = new int[count];
            int kept = 0;
            for (int i = 0; i < count; i++)
            {
                (long imageId, int categoryId) = entry(i);
                if (imageOf.TryGetValue(imageId, out images[i]) && categoryOf.TryGetValue(categoryId, out classes[i]))
                {
                    known[kept++] = i;
                }
            }

            Array.Resize(ref known, kept);
            return options.UseCategories
                ? StableOrder.ByKey(StableOrder.ByKey(known, images, imageIds.Length), classes, categoryIds.Length)
                : StableOrder.ByKey(StableOrder.ByKey(known, classes, categoryIds.Length), images, imageIds.Length);
        }

        Func<int, long> Key(int[] images, int[] classes) => options.UseCategories
            ? index => ((long)classes[index] * imageIds.Length) + images[index]
            : index => images[index];
    }

    private static Dictionary<T, int> Positions<T>(T[] ids)
        where T : notnull
    {
        Dictionary<T, int> positions = new(ids.Length);
        for (int i = 0; i < ids.Length; i++)
        {
            positions.Add(ids[i], i);
        }

        return positions;
    }

    private static MatchPair[] Join(
        int[] truths, Func<int, long> truthKey, int[] detections, Func<int, long> detectionKey, int imageCount, out int[] starts, int categoryCount)
    {
        List<MatchPair> pairs = [];
        starts = new int[categoryCount + 1];
        int truth = 0;
        int detection = 0;
        while (truth < truths.Length || detection < detections.Length)
        {
            long left = truth < truths.Length ? truthKey(truths[truth]) : long.MaxValue;
            long right = detection < detections.Length ? detectionKey(detections[detection]) : long.MaxValue;
            long key = Math.Min(left, right);
            int truthStart = truth;
            int detectionStart = detection;
            while (truth < truths.Length && truthKey(truths[truth]) == key)
            {
                truth++;
            }

            while (detection < detections.Length && detectionKey(detections[detection]) == key)
            {
                detection++;
            }

            int category = (int)(key / imageCount);
            pairs.Add(new MatchPair(category, truthStart, truth - truthStart, detectionStart, detection - detectionStart));
            starts[category + 1] = pairs.Count;
        }

        for (int category = 0; category < categoryCount; category++)
        {
            starts[category + 1] = Math.Max(starts[category + 1], starts[category]);
        }

        return [.. pairs];
    }

    private static void CheckResults(
        CocoGroundTruth truth, CocoResults results, CocoEvaluationOptions options, Dictionary<long, int> judgedImages, Dictionary<int, int> judgedCategories, Dictionary<int, string> names)
    {
        HashSet<long>? images = null;
        for (int i = 0; i < results.Entries.Length; i++)
        {
            ref readonly CocoResult entry = ref results.Entries[i];
            if (!judgedImages.ContainsKey(entry.ImageId) && !(images ??= [.. truth.ImageIds]).Contains(entry.ImageId))
            {
                throw new UserErrorException(
                    $"{results.Source}: entry {i}: image_id {entry.ImageId} is not among the {images.Count} images of {truth.Source}; " +
                    "judge results against the annotations of the images they were made on, or remove the entry.");
            }

            if (!options.IgnoreUnknownCategories && !judgedCategories.ContainsKey(entry.CategoryId) && !names.ContainsKey(entry.CategoryId))
            {
                string known = string.Join(", ", names.Keys.Order().Take(12)) + (names.Count > 12 ? ", …" : string.Empty);
                throw new UserErrorException(
                    $"{results.Source}: entry {i}: category_id {entry.CategoryId} is not among the categories of {truth.Source} ({known}); " +
                    "write the annotation file's category ids, not the detector's class indices, or remove the entry.");
            }
        }
    }
}
