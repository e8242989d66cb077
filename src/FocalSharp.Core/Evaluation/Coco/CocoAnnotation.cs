namespace FocalSharp.Evaluation.Coco;

/// <summary>One annotated object, as evaluation sees it.</summary>
/// <param name="Id">
/// The annotation's id. The reference marks "unmatched" by 0, so a detection that matches an annotation of id 0 counts as wrong;
/// we do the same, and ids should start at 1.
/// </param>
/// <param name="ImageId">The image it is in.</param>
/// <param name="CategoryId">What it is.</param>
/// <param name="Box">Where it is.</param>
/// <param name="Area">The area that decides between small, medium and large: COCO's mask area, else the box's.</param>
/// <param name="IsCrowd">A group: matching it is neither right nor wrong.</param>
public readonly record struct CocoAnnotation(long Id, long ImageId, int CategoryId, CocoBox Box, double Area, bool IsCrowd);
