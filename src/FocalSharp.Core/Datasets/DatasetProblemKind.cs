namespace FocalSharp.Datasets;

/// <summary>The kinds of fault that the readers report.</summary>
public enum DatasetProblemKind
{
    /// <summary>An annotated image is not there.</summary>
    MissingImage,

    /// <summary>An image file cannot be read as an image.</summary>
    UnreadableImage,

    /// <summary>An annotation file cannot be parsed.</summary>
    UnreadableAnnotation,

    /// <summary>A box has no area once cut to the image.</summary>
    DegenerateBox,

    /// <summary>A box reaches beyond its image and was cut.</summary>
    OutsideBox,

    /// <summary>A box has a coordinate that is not a finite number.</summary>
    NotFinite,

    /// <summary>An object's class is not among the data set's.</summary>
    UnknownCategory,

    /// <summary>An id or a file name is used twice.</summary>
    DuplicateId,

    /// <summary>The annotated image size differs from the file's.</summary>
    SizeMismatch,

    /// <summary>A path would leave the data set's root.</summary>
    EscapingPath,

    /// <summary>Boxes of a photo that EXIF turns were drawn on its stored pixels, and were turned along.</summary>
    BoxesOnUnrotatedImage,
}
