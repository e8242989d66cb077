namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>The errors in one image, at one score and one IoU.</summary>
internal sealed record ImageErrors
{
    /// <summary>Gets the image id.</summary>
    public required long ImageId { get; init; }

    /// <summary>Gets the number of objects.</summary>
    public required int Objects { get; init; }

    /// <summary>Gets the number of detected objects.</summary>
    public required int Found { get; init; }

    /// <summary>Gets the number of errors of each kind, in the order of <see cref="ErrorBreakdown.Kinds"/>.</summary>
    public required IReadOnlyList<int> Counts { get; init; }

    /// <summary>Gets the number of all errors.</summary>
    public int Total => Counts.Sum();

    /// <summary>Returns the number of errors of a kind.</summary>
    public int this[ErrorKind kind] => Counts[(int)kind];

    /// <summary>
    /// Counts the errors of every image that has objects or detections, most errors first; at equal counts, the image with the
    /// smaller fraction of detected objects first.
    /// </summary>
    /// <param name="evaluated">The detections above a score.</param>
    public static IReadOnlyList<ImageErrors> Compute(MatchedDetections evaluated)
    {
        ILookup<long, MatchedGroundTruth> objects = evaluated.Objects.ToLookup(item => evaluated.Truth[item.Position].ImageId);
        ILookup<long, MatchedDetection> detections = evaluated.Detections.ToLookup(one => evaluated.Results[one.Position].ImageId);
        return
        [
            .. objects.Select(group => group.Key).Union(detections.Select(group => group.Key))
                .Select(image => Compute(image, objects[image], detections[image]))
                .OrderByDescending(image => image.Total)
                .ThenBy(image => image.Found / (double)Math.Max(1, image.Objects))
                .ThenBy(image => image.ImageId),
        ];
    }

    private static ImageErrors Compute(long image, IEnumerable<MatchedGroundTruth> objects, IEnumerable<MatchedDetection> detections)
    {
        int[] counts = new int[ErrorBreakdown.Kinds.Count];
        foreach (MatchedDetection one in detections.Where(one => one.Error is not null))
        {
            counts[(int)one.Error!.Value]++;
        }

        MatchedGroundTruth[] all = [.. objects];
        counts[(int)ErrorKind.Missed] = all.Count(item => item.IsMissed);
        return new ImageErrors { ImageId = image, Objects = all.Length, Found = all.Count(item => item.FoundBy >= 0), Counts = counts };
    }
}
