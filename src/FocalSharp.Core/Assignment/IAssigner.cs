namespace FocalSharp.Assignment;

/// <summary>
/// Decides which anchors of an image are positive samples, and for which object. Implement it to train with a label assignment of your own;
/// <see cref="AtssAssigner"/> and <see cref="DynamicSoftLabelAssigner"/> are the built-in ones.
/// </summary>
/// <remarks>Implementations must be safe to call from several threads at once: the images of a batch may be assigned in parallel.</remarks>
public interface IAssigner
{
    /// <summary>
    /// Gets whether <see cref="Assign"/> reads the network's predictions. When false, <see cref="Assign"/> receives
    /// <see cref="AnchorPredictions"/> without values, and the time to compute them is saved.
    /// </summary>
    bool NeedsPredictions { get; }

    /// <summary>Assigns the anchors of one image.</summary>
    /// <param name="grid">The anchors of the image; only valid ones may be assigned (see <see cref="AnchorGrid.ForImage"/>).</param>
    /// <param name="groundTruth">The objects of the image.</param>
    /// <param name="predictions">The network's predictions for every anchor; empty unless <see cref="NeedsPredictions"/> is true.</param>
    /// <returns>The positive and the ignored anchors; all others are negatives.</returns>
    AnchorAssignment Assign(AnchorGrid grid, GroundTruth groundTruth, AnchorPredictions predictions);
}
