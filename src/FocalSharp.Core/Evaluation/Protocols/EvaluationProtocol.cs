namespace FocalSharp.Evaluation.Protocols;

/// <summary>The rules by which detections are matched and AP is computed.</summary>
internal enum EvaluationProtocol
{
    /// <summary>COCO: IoU 0.50 to 0.95, precision at 101 recalls, crowds ignored.</summary>
    Coco,

    /// <summary>
    /// LVIS (Gupta et al. 2019): COCO's matching; a class counts only in images where it is annotated or verified to be absent; detections without a
    /// match are ignored where not all objects of the class are annotated; 300 detections per image.
    /// </summary>
    Lvis,

    /// <summary>Pascal VOC 2007: IoU 0.5, precision at the recalls 0, 0.1, …, 1, difficult objects ignored.</summary>
    Voc07,

    /// <summary>Pascal VOC 2010 to 2012: IoU 0.5, area under the monotone precision-recall curve, difficult objects ignored.</summary>
    Voc12,

    /// <summary>
    /// Open Images Challenge: IoU 0.5, area under the curve; a group-of box (<c>iscrowd</c>) is one object that any detection inside it finds;
    /// classes that are not verified in an image are ignored.
    /// </summary>
    OpenImages,
}
