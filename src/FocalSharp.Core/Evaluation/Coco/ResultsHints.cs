namespace FocalSharp.Evaluation.Coco;

/// <summary>
/// Tests whether results would match the objects under another reading of their boxes, categories or images: the evidence of a results file
/// in another layout, whose AP is near 0 though the detector is right.
/// </summary>
internal static class ResultsHints
{
    private const int MaxImages = 500;

    private delegate CocoResult? Reading(in CocoResult entry);

    /// <summary>Returns a sentence about the reading that matches more objects than the given one; null if there is none.</summary>
    /// <param name="truth">The ground truth.</param>
    /// <param name="results">The results.</param>
    public static string? Find(CocoGroundTruth truth, CocoResults results)
    {
        HashSet<long> images = [.. results.Entries.Select(entry => entry.ImageId).Distinct().Order().Take(MaxImages)];
        CocoResult[] entries = [.. results.Entries.Where(entry => images.Contains(entry.ImageId))];
        int given = CountFound(truth, entries, images);
        string? best = null;
        int highest = given;
        foreach ((string name, Reading read) in Readings(truth, results))
        {
            CocoResult?[] readings = Array.ConvertAll(entries, entry => read(entry));
            int found = Array.Exists(readings, entry => entry is null) ? 0 : CountFound(truth, [.. readings.Select(entry => entry!.Value)], images);
            if (found > highest)
            {
                (best, highest) = (name, found);
            }
        }

        return best is null || !IsEvidence(given, highest) ? null
            : $"The results seem to have {best}: read that way they match {highest} objects at IoU 0.5, as given {given}. COCO results have boxes x, y, width, height in pixels, "
                + "and the annotations' image and category ids.";
    }

    // One more match by chance is none: the difference must exceed two standard deviations of a difference of counts.
    private static bool IsEvidence(int given, int other) => given == 0 || other - given > 2 * Math.Sqrt(given + other);

    private static IEnumerable<(string Name, Reading Read)> Readings(CocoGroundTruth truth, CocoResults results)
    {
        yield return ("boxes as corners x1, y1, x2, y2", (in CocoResult entry) => entry with { Box = FromCorners(entry.Box) });
        yield return ("boxes as corners y1, x1, y2, x2", (in CocoResult entry) => entry with { Box = FromCorners(Swap(entry.Box)) });
        yield return ("boxes as center x, center y, width, height", (in CocoResult entry) => entry with { Box = FromCenter(entry.Box) });
        yield return ("boxes as fractions of the image (x, y, width, height)", (in CocoResult entry) => Scale(truth, entry));
        yield return ("boxes as fractions of the image (x1, y1, x2, y2)", (in CocoResult entry) => Scale(truth, entry with { Box = FromCorners(entry.Box) }));
        yield return ("boxes as fractions of the image (y1, x1, y2, x2)", (in CocoResult entry) => Scale(truth, entry with { Box = FromCorners(Swap(entry.Box)) }));
        yield return ("boxes as fractions of the image (center x, center y, width, height)", (in CocoResult entry) => Scale(truth, entry with { Box = FromCenter(entry.Box) }));
        int[] categories = [.. truth.Categories.Select(category => category.Id).Distinct().Order()];
        yield return ("class indices from 0 as category_id", (in CocoResult entry) => FromIndex(categories, entry, entry.CategoryId));
        yield return ("class indices from 1 as category_id", (in CocoResult entry) => FromIndex(categories, entry, entry.CategoryId - 1L));
        Dictionary<long, long> numbers = new ImageNameIndex(truth).FindNumbers();
        if (results.Notes.Count == 0 && numbers.Count > 0)
        {
            yield return ("the number in the file name as image_id", (in CocoResult entry) => numbers.TryGetValue(entry.ImageId, out long id) ? entry with { ImageId = id } : null);
        }
    }

    private static int CountFound(CocoGroundTruth truth, CocoResult[] entries, HashSet<long> images)
    {
        CocoEvaluationOptions options = new()
        {
            IouThresholds = [0.5],
            AreaRanges = [AreaRange.Coco[0]],
            IgnoreUnknownCategories = true,
        };
        HashSet<long> known = [.. truth.ImageIds];
        images = [.. entries.Select(entry => entry.ImageId), .. images];
        CocoResults counted = new("results", entries.Where(entry => known.Contains(entry.ImageId)));
        return CocoEvaluator.Match(truth, counted, options with { ImageIds = images })
            .Sum(cell => cell.Matches[0].Where(place => place >= 0 && place < cell.CountedTruths).Distinct().Count());
    }

    private static CocoBox FromCorners(in CocoBox box) => new(box.X, box.Y, box.Width - box.X, box.Height - box.Y);

    private static CocoBox FromCenter(in CocoBox box) => new(box.X - (box.Width / 2), box.Y - (box.Height / 2), box.Width, box.Height);

    private static CocoBox Swap(in CocoBox box) => new(box.Y, box.X, box.Height, box.Width);

    private static CocoResult? Scale(CocoGroundTruth truth, in CocoResult entry) => truth.ImageSizes.TryGetValue(entry.ImageId, out (double Width, double Height) size)
        ? entry with { Box = new(entry.Box.X * size.Width, entry.Box.Y * size.Height, entry.Box.Width * size.Width, entry.Box.Height * size.Height) }
        : null;

    private static CocoResult? FromIndex(int[] categories, in CocoResult entry, long index) =>
        index >= 0 && index < categories.Length ? entry with { CategoryId = categories[index] } : null;
}
