using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;

namespace FocalSharp.Evaluation.Calibration;

/// <summary>Whether a detector knows which edges it does not know: predicted deviations beside real errors and drawn blur.</summary>
public static class EdgeUncertainty
{
    /// <summary>
    /// Observes the four sides of every object that was found. Detections choose in order of their scores; each takes the free object
    /// of its class that it overlaps most, crowds left out.
    /// </summary>
    /// <param name="images">The images with their objects.</param>
    /// <param name="detections">For each image its detections, in pixels of the image.</param>
    /// <param name="minIou">Overlap from which an object counts as found.</param>
    public static IReadOnlyList<EdgeObservation> Observe(
        IReadOnlyList<DatasetImage> images, IReadOnlyList<IReadOnlyList<Detection>> detections, double minIou = 0.5)
    {
        if (images.Count != detections.Count)
        {
            throw new ArgumentException($"{images.Count} images need as many lists of detections, got {detections.Count}.", nameof(detections));
        }

        List<EdgeObservation> edges = [];
        for (int i = 0; i < images.Count; i++)
        {
            List<ObjectAnnotation> free = [.. images[i].Objects.Where(item => !item.IsCrowd)];
            foreach (Detection detection in detections[i].OrderByDescending(detection => detection.Score))
            {
                ObjectAnnotation? found = free.Where(item => item.Label == detection.Label).MaxBy(item => BoxIou.Iou(item.Box, detection.Box));
                if (found is not null && BoxIou.Iou(found.Box, detection.Box) >= minIou)
                {
                    free.Remove(found);
                    edges.AddRange(Sides(detection, found));
                }
            }
        }

        return edges;
    }

    /// <summary>Spearman's ρ of the deviations with the drawn blur, over the edges whose blur is known; NaN where none is.</summary>
    public static double SpearmanWithBlur(IReadOnlyList<EdgeObservation> edges)
    {
        EdgeObservation[] known = [.. edges.Where(edge => edge.Blur is not null)];
        return RankCorrelation.Spearman([.. known.Select(edge => edge.Deviation)], [.. known.Select(edge => edge.Blur!.Value)]);
    }

    /// <summary>Spearman's ρ of the deviations with the real errors; NaN without edges.</summary>
    public static double SpearmanWithError(IReadOnlyList<EdgeObservation> edges) =>
        RankCorrelation.Spearman([.. edges.Select(edge => edge.Deviation)], [.. edges.Select(edge => edge.Error)]);

    private static IEnumerable<EdgeObservation> Sides(Detection detection, ObjectAnnotation found)
    {
        (Box predicted, Box annotated) = (detection.Box, found.Box);
        double[] errors =
        [
            Math.Abs(predicted.X1 - annotated.X1), Math.Abs(predicted.Y1 - annotated.Y1),
            Math.Abs(predicted.X2 - annotated.X2), Math.Abs(predicted.Y2 - annotated.Y2),
        ];
        return errors.Select((error, side) => new EdgeObservation(side, detection.Deviation[side], error, found.SideBlur?[side]));
    }
}
