namespace FocalSharp.Evaluation.Coco;

/// <summary>One annotated object, as used by the evaluation.</summary>
/// <param name="Id">
/// The annotation's id. The reference marks "unmatched" by 0, so that there a detection matched to an annotation of id 0 counts as wrong;
/// see <see cref="CocoEvaluationOptions.ZeroIdIsUnmatched"/>.
/// </param>
/// <param name="ImageId">The image id.</param>
/// <param name="CategoryId">The category id.</param>
/// <param name="Box">The box.</param>
/// <param name="Area">The area that determines small, medium or large: COCO's mask area, otherwise that of the box.</param>
/// <param name="IsCrowd">Whether it is a crowd: matching it is neither right nor wrong.</param>
public readonly record struct CocoAnnotation(long Id, long ImageId, int CategoryId, CocoBox Box, double Area, bool IsCrowd)
{
    /// <summary>Gets VOC's <c>difficult</c>, which COCO's evaluation does not know: VOC's ignores the object.</summary>
    public bool IsDifficult { get; init; }
}
