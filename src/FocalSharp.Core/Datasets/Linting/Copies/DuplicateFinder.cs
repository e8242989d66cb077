namespace FocalSharp.Datasets.Linting.Copies;

/// <summary>
/// Finds duplicates: files with identical content, and images that look the same (re-encoded, scaled, mirrored, the next frame of a
/// video). The latter are found by perceptual hashes and confirmed on the thumbnails, because hashes alone confuse images of one kind.
/// </summary>
internal static class DuplicateFinder
{
    /// <summary>Minimum correlation of two thumbnails of the same image.</summary>
    public const double MinCorrelation = 0.975;

    /// <summary>Maximum difference of the mean colors of the same image, per channel.</summary>
    public const float MaxColorDifference = 20;

    /// <summary>Minimum contrast at which hashes are distinctive.</summary>
    public const double MinContrast = 3;

    // An image that resembles a thousand others, as in a video, does not need a thousand matches.
    private const int MaxConfirmations = 256;

    public static DuplicateMap Find(IReadOnlyList<DatasetImage> images, IReadOnlyList<ImageFingerprint> prints)
    {
        if (prints.Count == 0)
        {
            return new DuplicateMap([], [], []);
        }

        int[][] identical =
        [
            .. Enumerable.Range(0, images.Count).Where(i => prints[i].Content != 0).GroupBy(i => prints[i].Content)
                .Select(group => group.ToArray()).Where(group => group.Length > 1),
        ];
        int[] candidates =
        [
            .. Enumerable.Range(0, images.Count).Where(i => prints[i].DecodeError is null && prints[i].Contrast >= MinContrast)
                .DistinctBy(i => (prints[i].Content, images[i].Split)),
        ];
        HashIndex index = new([.. candidates.Select(i => prints[i].Hash)]);
        NearDuplicate?[] within = new NearDuplicate?[candidates.Length];
        NearDuplicate?[] across = new NearDuplicate?[candidates.Length];
        Parallel.For(0, candidates.Length, at => Search(images, prints, candidates, index, at, out within[at], out across[at]));
        return new DuplicateMap(identical, [.. within.OfType<NearDuplicate>()], [.. across.OfType<NearDuplicate>()]);
    }

    private static void Search(
        IReadOnlyList<DatasetImage> images,
        IReadOnlyList<ImageFingerprint> prints,
        int[] candidates,
        HashIndex index,
        int at,
        out NearDuplicate? within,
        out NearDuplicate? across)
    {
        int image = candidates[at];
        NearDuplicate? same = null;
        NearDuplicate? earlier = null;
        int confirmations = 0;
        foreach (bool mirrored in (ReadOnlySpan<bool>)[false, true])
        {
            index.VisitNeighbors(mirrored ? prints[image].MirroredHash : prints[image].Hash, (place, bits) =>
            {
                int other = candidates[place];
                bool apart = images[other].Split != images[image].Split;

                // Within a split, the later image refers to the earlier; across splits, the image of the later split (val, test) refers to the other.
                bool counts = apart ? images[other].Split < images[image].Split && earlier is null : place < at && same is null;
                if (counts && prints[other].Content != prints[image].Content && AreSimilar(prints[image], prints[other], mirrored))
                {
                    NearDuplicate copy = new(image, other, bits, mirrored);
                    same = apart ? same : copy;
                    earlier = apart ? copy : earlier;
                }

                return (same is null || earlier is null) && (!counts || ++confirmations < MaxConfirmations);
            });
        }

        (within, across) = (same, earlier);
    }

    /// <summary>Returns whether two thumbnails show the same image: their gray values correlate and their colors agree.</summary>
    internal static bool AreSimilar(ImageFingerprint a, ImageFingerprint b, bool mirrored)
    {
        const int Side = ImageFingerprint.ThumbnailSide;
        float colors = Math.Max(
            Math.Abs(a.MeanColor.Red - b.MeanColor.Red),
            Math.Max(Math.Abs(a.MeanColor.Green - b.MeanColor.Green), Math.Abs(a.MeanColor.Blue - b.MeanColor.Blue)));
        if (colors > MaxColorDifference || a.Thumbnail.Count != Side * Side || b.Thumbnail.Count != Side * Side)
        {
            return false;
        }

        (double sumA, double sumB, double squaresA, double squaresB, double products) = (0, 0, 0, 0, 0);
        for (int i = 0; i < Side * Side; i++)
        {
            double x = a.Thumbnail[i];
            double y = b.Thumbnail[mirrored ? i - (i % Side) + Side - 1 - (i % Side) : i];
            sumA += x;
            sumB += y;
            squaresA += x * x;
            squaresB += y * y;
            products += x * y;
        }

        const double Count = Side * Side;
        double varianceA = squaresA - (sumA * sumA / Count);
        double varianceB = squaresB - (sumB * sumB / Count);
        double covariance = products - (sumA * sumB / Count);
        return covariance >= MinCorrelation * Math.Sqrt(varianceA * varianceB);
    }
}
