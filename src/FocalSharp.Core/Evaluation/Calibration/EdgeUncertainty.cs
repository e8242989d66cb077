using FocalSharp.Boxes;
using FocalSharp.Datasets;
using FocalSharp.Detections;
using FocalSharp.Evaluation.Calibration.Fitting;

namespace FocalSharp.Evaluation.Calibration;

/// <summary>Compares predicted deviations with true errors and drawn blur.</summary>
internal static class EdgeUncertainty
{
    /// <summary>
    /// Observes the four sides of every detected object. In descending order of score, each detection is matched to the free object
    /// of its class with the highest IoU; crowds are ignored.
    /// </summary>
    /// <param name="images">The images with their objects.</param>
    /// <param name="detections">The detections of each image, in pixels of the image.</param>
    /// <param name="minIou">Minimum IoU of a match.</param>
    public static IReadOnlyList<EdgeObservation> Observe(
        IReadOnlyList<DatasetImage> images, IReadOnlyList<IReadOnlyList<Detection>> detections, double minIou = 0.5)
    {
        if (images.Count != detections.Count)
        {
            throw new ArgumentException($"{images.Count} images need as many lists of detections; {detections.Count} were passed.", nameof(detections));
        }

        return
        [
            .. images.Zip(detections).SelectMany(pair => BoxMatcher.Match(pair.First, pair.Second, minIou)
                .Where(match => match.Truth is not null)
                .SelectMany(match => Sides(match.Detection, match.Truth!))),
        ];
    }

    /// <summary>Returns Spearman's ρ of the deviations and the drawn blur, over the edges whose blur is known; NaN if there are none.</summary>
    public static double SpearmanWithBlur(IReadOnlyList<EdgeObservation> edges)
    {
        EdgeObservation[] known = [.. edges.Where(edge => edge.Blur is not null)];
        return RankCorrelation.Spearman([.. known.Select(edge => edge.Deviation)], [.. known.Select(edge => edge.Blur!.Value)]);
    }

    /// <summary>Returns Spearman's ρ of the deviations and the true errors; NaN without edges.</summary>
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
