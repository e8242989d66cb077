using FocalSharp.Boxes;

namespace FocalSharp.Detections.Postprocessing;

/// <summary>Fuses the detections of several views of an image, or of several models, by weighted boxes fusion.</summary>
internal static class ViewFusion
{
    /// <summary>
    /// Fuses detections. The score of a cluster is its mean score times <c>min(members, views) / views</c> (Solovyev et al. 2021, section 3): an
    /// object that few views see loses score.
    /// </summary>
    /// <param name="views">The detections of each view, in pixels of the image.</param>
    /// <param name="options">Score threshold and limit.</param>
    /// <returns>The detections, highest score first, with the disagreement of the views; distributions and quantiles of single views are not kept.</returns>
    public static Detection[] Fuse(IReadOnlyList<Detection[]> views, PostprocessOptions options)
    {
        if (views.Count == 1)
        {
            return views[0];
        }

        List<Detection> all = [.. views.SelectMany(found => found)];
        float threshold = (float)options.ScoreThreshold;
        return
        [
            .. BoxFusion.Group(all).Select(cluster => Create(cluster, all, views.Count))
                .Where(detection => detection.Score > threshold)
                .OrderByDescending(detection => detection.Score).Take(options.MaxDetections),
        ];
    }

    /// <summary>Returns the detections of a mirrored image in pixels of the image itself.</summary>
    /// <param name="detections">The detections in the mirrored image.</param>
    /// <param name="width">Width of the image in pixels.</param>
    public static Detection[] Mirror(IReadOnlyList<Detection> detections, float width) =>
    [
        .. detections.Select(detection => new Detection(
            new Box(width - detection.Box.X2, detection.Box.Y1, width - detection.Box.X1, detection.Box.Y2),
            detection.Label,
            detection.Score,
            new SideValues(detection.Deviation.Right, detection.Deviation.Top, detection.Deviation.Left, detection.Deviation.Bottom))),
    ];

    private static Detection Create(BoxFusion.Cluster cluster, List<Detection> all, int views)
    {
        Detection fused = cluster.ToDetection(all[cluster.Best]);
        float mean = cluster.Members.Average(index => all[index].Score);
        return new Detection(fused.Box, fused.Label, mean * Math.Min(cluster.Members.Count, views) / views, fused.Deviation) { Disagreement = cluster.Spread };
    }
}
