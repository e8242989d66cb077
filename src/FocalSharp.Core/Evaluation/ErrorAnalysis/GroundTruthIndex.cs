using FocalSharp.Evaluation.Coco;

namespace FocalSharp.Evaluation.ErrorAnalysis;

/// <summary>Objects by image, for finding the object that a wrong detection refers to.</summary>
internal sealed class GroundTruthIndex
{
    private readonly CocoGroundTruth _truth;
    private readonly ILookup<long, int> _byImage;

    /// <summary>Groups objects by image.</summary>
    /// <param name="truth">The ground truth.</param>
    /// <param name="positions">The positions of the objects that count.</param>
    public GroundTruthIndex(CocoGroundTruth truth, IEnumerable<int> positions)
    {
        _truth = truth;
        _byImage = positions.ToLookup(position => truth[position].ImageId);
    }

    /// <summary>Returns the positions of an image's objects.</summary>
    public IEnumerable<int> ForImage(long imageId) => _byImage[imageId];

    /// <summary>Classifies a detection that matching left without an object.</summary>
    public MatchedDetection ClassifyError(int position, CocoResult result, int category, double iou)
    {
        (int same, double sameIou) = FindBest(result, ofItsClass: true);
        (int other, double otherIou) = FindBest(result, ofItsClass: false);
        return sameIou >= MatchedDetections.BackgroundIou && sameIou < iou ? new(position, category, ErrorKind.Location, same, sameIou)
            : otherIou >= iou ? new(position, category, ErrorKind.Class, other, otherIou)
            : sameIou >= iou ? new(position, category, ErrorKind.Duplicate, same, sameIou)
            : otherIou > MatchedDetections.BackgroundIou ? new(position, category, ErrorKind.Both, other, otherIou)
            : new(position, category, ErrorKind.Background, -1, 0);
    }

    /// <summary>Returns the object of a detection's class, or of any other class, with the highest IoU; −1 if it overlaps none.</summary>
    public (int Position, double Iou) FindBest(CocoResult result, bool ofItsClass)
    {
        (int position, double best) = (-1, 0);
        foreach (int candidate in _byImage[result.ImageId])
        {
            CocoAnnotation annotation = _truth[candidate];
            double overlap = annotation.CategoryId == result.CategoryId == ofItsClass ? result.Box.Overlap(annotation.Box, isCrowd: false) : 0;
            (position, best) = overlap > best ? (candidate, overlap) : (position, best);
        }

        return (position, best);
    }
}
