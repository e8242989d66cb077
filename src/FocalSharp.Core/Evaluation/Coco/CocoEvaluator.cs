using FocalSharp.Datasets;
using FocalSharp.Detections;

namespace FocalSharp.Evaluation.Coco;

/// <summary>
/// Evaluates detections like the reference COCOeval for boxes, with identical numbers: greedy matching by score at ten IoU thresholds,
/// crowds and areas out of range ignored, precision at 101 recalls.
/// </summary>
public static class CocoEvaluator
{
    /// <summary>Evaluates two COCO files, which are read in parallel.</summary>
    /// <param name="truthPath">
    /// An annotation file (<c>images</c>, <c>annotations</c>, <c>categories</c>); the images are not needed.
    /// </param>
    /// <param name="resultsPath">A results file; see <see cref="CocoResults.Read(string, CocoGroundTruth)"/>.</param>
    /// <param name="options">Options; null for those of COCO.</param>
    /// <exception cref="FileException">A file is missing or cannot be read.</exception>
    public static CocoMetrics EvaluateFiles(string truthPath, string resultsPath, CocoEvaluationOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(truthPath);
        ArgumentException.ThrowIfNullOrEmpty(resultsPath);
        Task<RawResults> results = Task.Run(() => RawResults.Read(resultsPath));
        CocoGroundTruth truth = CocoGroundTruth.Read(truthPath);
        return Evaluate(truth, CocoResultsResolver.Resolve(results.GetAwaiter().GetResult(), truth), options);
    }

    /// <summary>Evaluates the detections of a data set's images.</summary>
    /// <param name="dataset">The ground truth.</param>
    /// <param name="detections">
    /// The detections of each image, in the order of <see cref="DetectionDataset.Images"/>, in original pixels.
    /// </param>
    /// <param name="options">Options; null for those of COCO.</param>
    public static CocoMetrics Evaluate(
        DetectionDataset dataset, IReadOnlyList<IReadOnlyList<Detection>> detections, CocoEvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(detections);
        long[] imageIds = CocoGroundTruth.UniqueImageIds(dataset);
        return Evaluate(CocoGroundTruth.From(dataset, imageIds), CocoResults.From(dataset, imageIds, detections), options);
    }

    /// <summary>Evaluates results against ground truth.</summary>
    /// <param name="truth">The ground truth.</param>
    /// <param name="results">The results.</param>
    /// <param name="options">Options; null for those of COCO.</param>
    /// <exception cref="DatasetException">A result refers to an image or category that the ground truth does not contain.</exception>
    public static CocoMetrics Evaluate(CocoGroundTruth truth, CocoResults results, CocoEvaluationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(results);
        options ??= new CocoEvaluationOptions();
        options.Validate();
        EvaluationIndex index = EvaluationIndex.Build(truth, results, options);
        MatchTable table = MatchTable.Build(index, truth, results, options);
        CocoArrays arrays = new(options, index.Categories);
        PrecisionAccumulator accumulator = new(index, table, truth, options, arrays);
        ScoredMatches[] matches = accumulator.Run();
        return new CocoMetrics(options, arrays, matches, accumulator.CountTruths());
    }

    /// <summary>Matches detections to objects, by category and image, in the order of their ids.</summary>
    /// <param name="truth">The ground truth.</param>
    /// <param name="results">The results.</param>
    /// <param name="options">Options; null for those of COCO.</param>
    /// <param name="area">The area range; null for the first of the options.</param>
    /// <exception cref="DatasetException">A result refers to an image or category that the ground truth does not contain.</exception>
    internal static IEnumerable<ImageMatches> Match(
        CocoGroundTruth truth, CocoResults results, CocoEvaluationOptions? options = null, AreaRange? area = null)
    {
        ArgumentNullException.ThrowIfNull(truth);
        ArgumentNullException.ThrowIfNull(results);
        options ??= new CocoEvaluationOptions();
        options.Validate();
        EvaluationIndex index = EvaluationIndex.Build(truth, results, options);
        EvaluationCellMatcher matcher = new(truth.Annotations, results.Entries, [.. options.IouThresholds], options.ZeroIdIsUnmatched);
        AreaRange range = area ?? options.AreaRanges[0];
        return index.Cells.Select(pair => MatchCell(pair));

        ImageMatches MatchCell(EvaluationCell pair)
        {
            matcher.Load(
                index.Truths.AsSpan(pair.TruthStart, pair.TruthCount),
                index.Detections.AsSpan(pair.DetectionStart, pair.DetectionCount),
                options.MaxDetections[^1],
                options.IgnoresUnmatched(index, pair));
            matcher.Match(range);
            int count = matcher.DetectionCount;
            int[] detections = matcher.Detections[..count];
            int[] truths = [.. matcher.Order.Take(matcher.TruthCount).Select(g => matcher.Truths[g])];
            int[][] matches = new int[options.IouThresholds.Count][];
            bool[][] ignored = new bool[matches.Length][];
            for (int t = 0; t < matches.Length; t++)
            {
                matches[t] = matcher.Matches[(t * count)..((t + 1) * count)];
                ignored[t] = [.. matches[t].Select((place, d) => matcher.IsIgnored(place, d, range))];
            }

            long imageId = truths.Length > 0 ? truth.Annotations[truths[0]].ImageId : results.Entries[detections[0]].ImageId;
            int categoryId = index.Categories[pair.Category].Id;
            return new ImageMatches(imageId, categoryId, detections, truths, matcher.CountedTruths, matches, ignored);
        }
    }
}
