namespace FocalSharp.Datasets.Reading;

/// <summary>The meaning of the four numbers of a box.</summary>
public enum BoxLayout
{
    /// <summary>Upper left corner and size (COCO).</summary>
    CornerAndSize,

    /// <summary>Upper left and lower right corner (VOC).</summary>
    Corners,

    /// <summary>Center and size (YOLO).</summary>
    CenterAndSize,
}
