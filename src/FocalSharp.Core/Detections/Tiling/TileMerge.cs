using FocalSharp.Boxes;

namespace FocalSharp.Detections.Tiling;

/// <summary>
/// Merges the detections in the tiles of an image. Objects cut by a tile's border are repaired before NMS, which alone would leave
/// a fragment beside the whole object because their IoU is small: fragments that meet at a seam are joined, and a fragment that lies
/// within a whole object of its class is dropped.
/// </summary>
/// <param name="width">Width of the image in pixels.</param>
/// <param name="height">Height of the image in pixels.</param>
/// <param name="max">Maximum number of detections of the image; 0 for no limit.</param>
internal sealed class TileMerge(int width, int height, int max = 0)
{
    /// <summary>A box whose edge is this close to an inner border of its tile counts as cut by it: this fraction of the tile's side, or 2 pixels.</summary>
    private const float CutMargin = 1 / 64f;

    /// <summary>Fraction of a fragment that must lie within a whole object for the fragment to be dropped.</summary>
    private const float MinInsideFraction = 0.7f;

    /// <summary>Minimum IoU of the extents of two fragments along the seam for them to be joined.</summary>
    private const float MinSeamIou = 0.6f;

    private readonly List<TileDetection> _detections = [];

    /// <summary>Adds the detections in a tile.</summary>
    /// <param name="tile">The tile; may be the whole image.</param>
    /// <param name="detections">Detections in pixels of the tile.</param>
    public void Add(Tile tile, IReadOnlyList<Detection> detections)
    {
        float marginX = Math.Max(2, tile.Width * CutMargin);
        float marginY = Math.Max(2, tile.Height * CutMargin);
        foreach (Detection detection in detections)
        {
            Sides cut = Sides.None;
            cut |= tile.X > 0 && detection.Box.X1 <= marginX ? Sides.Left : Sides.None;
            cut |= tile.Y > 0 && detection.Box.Y1 <= marginY ? Sides.Top : Sides.None;
            cut |= tile.Right < width && detection.Box.X2 >= tile.Width - marginX ? Sides.Right : Sides.None;
            cut |= tile.Bottom < height && detection.Box.Y2 >= tile.Height - marginY ? Sides.Bottom : Sides.None;
            _detections.Add(new TileDetection(detection.Translate(tile.X, tile.Y), cut));
        }
    }

    /// <summary>Returns the detections of the image, highest score first, in pixels of the image.</summary>
    /// <param name="options">IoU threshold of NMS; its limit has been applied per tile.</param>
    public Detection[] Finish(PostprocessOptions options)
    {
        List<Detection> all = [];
        foreach (IGrouping<int, TileDetection> ofClass in _detections.GroupBy(finding => finding.Detection.Label))
        {
            List<TileDetection> findings = [.. ofClass];
            Join(findings, Sides.Right, Sides.Left);
            Join(findings, Sides.Bottom, Sides.Top);
            all.AddRange(RemoveFragments(findings));
        }

        // Stable, so that the same detections in the same order give the same list.
        List<Detection> ranked = [.. all.OrderByDescending(detection => detection.Score)];
        PostprocessOptions limits = options with { MaxDetections = max == 0 ? int.MaxValue : max };
        return Array.ConvertAll(CandidateSelection.ApplyNms(ranked, limits), index => ranked[index]);
    }

    /// <summary>Joins each fragment that is cut on one side with its continuation across the seam, best match first, until none is left.</summary>
    private static void Join(List<TileDetection> findings, Sides before, Sides after)
    {
        bool across = before == Sides.Right;
        while (BestPair() is (int first, int second))
        {
            findings[first] = TileDetection.Merge(findings[first], findings[second], before, after);
            findings.RemoveAt(second);
        }

        (int First, int Second)? BestPair()
        {
            (float Agreement, int First, int Second) best = (MinSeamIou, -1, -1);
            int[] ending = [.. Enumerable.Range(0, findings.Count).Where(i => findings[i].CutSides.HasFlag(before))];
            int[] beginning = [.. Enumerable.Range(0, findings.Count).Where(i => findings[i].CutSides.HasFlag(after))];
            foreach (int i in ending)
            {
                foreach (int j in beginning)
                {
                    float agreement = i == j ? 0 : ComputeSeamIou(findings[i].Detection.Box, findings[j].Detection.Box, across);
                    best = agreement > best.Agreement ? (agreement, i, j) : best;
                }
            }

            return best.First < 0 ? null : (best.First, best.Second);
        }
    }

    /// <summary>Returns the IoU of the extents of two fragments along the seam; 0 if the second does not continue the first.</summary>
    private static float ComputeSeamIou(Box a, Box b, bool across)
    {
        (float a1, float a2, float b1, float b2) = across ? (a.Y1, a.Y2, b.Y1, b.Y2) : (a.X1, a.X2, b.X1, b.X2);
        bool goesOn = across ? a.X1 < b.X1 && b.X1 <= a.X2 && a.X2 < b.X2 : a.Y1 < b.Y1 && b.Y1 <= a.Y2 && a.Y2 < b.Y2;
        float union = Math.Max(a2, b2) - Math.Min(a1, b1);
        return goesOn && union > 0 ? Math.Max(Math.Min(a2, b2) - Math.Max(a1, b1), 0) / union : 0;
    }

    // A whole object of less than half the score is not reliable evidence.
    private static IEnumerable<Detection> RemoveFragments(List<TileDetection> findings)
    {
        TileDetection[] whole = [.. findings.Where(finding => finding.CutSides == Sides.None).OrderBy(finding => finding.Detection.Box.X1)];
        return findings.Where(finding => finding.CutSides == Sides.None || !LiesInWhole(finding.Detection)).Select(finding => finding.Detection);

        bool LiesInWhole(Detection fragment)
        {
            foreach (TileDetection candidate in whole)
            {
                if (candidate.Detection.Box.X1 >= fragment.Box.X2)
                {
                    return false;
                }

                if (candidate.Detection.Score >= fragment.Score / 2 && BoxIou.Iof(fragment.Box, candidate.Detection.Box) >= MinInsideFraction)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
