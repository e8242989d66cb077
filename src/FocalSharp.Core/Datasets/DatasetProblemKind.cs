namespace FocalSharp.Datasets;

/// <summary>The kinds of problems in data sets.</summary>
public enum DatasetProblemKind
{
    /// <summary>The file of an annotated image does not exist.</summary>
    MissingImage,

    /// <summary>A file is not a readable image.</summary>
    UnreadableImage,

    /// <summary>An annotation file cannot be parsed.</summary>
    UnreadableAnnotation,

    /// <summary>A box has no area after clipping to the image.</summary>
    DegenerateBox,

    /// <summary>A box extends beyond its image and was clipped.</summary>
    OutsideBox,

    /// <summary>A box has a coordinate that is not a finite number.</summary>
    NotFinite,

    /// <summary>An object's class is not listed.</summary>
    UnknownCategory,

    /// <summary>An id or a file name occurs twice.</summary>
    DuplicateId,

    /// <summary>The annotated image size differs from that of the file.</summary>
    SizeMismatch,

    /// <summary>A path leaves the data set's folder.</summary>
    EscapingPath,

    /// <summary>The boxes of a photo that EXIF rotates were drawn on the stored pixels, and were rotated too.</summary>
    BoxesOnUnrotatedImage,

    /// <summary>Something departs from the format and was read nonetheless, such as a misspelled key or a path of another machine.</summary>
    NonStandard,

    /// <summary>A polygon, mask, rotated box or pose was replaced by its enclosing box.</summary>
    ConvertedShape,

    /// <summary>A label file belongs to no image.</summary>
    OrphanLabel,

    /// <summary>No image has a label, although there are label files nearby.</summary>
    MissingLabels,

    /// <summary>A split that the data set names does not exist.</summary>
    MissingSplit,

    /// <summary>All images of a split are also in another split.</summary>
    SharedSplit,

    /// <summary>Images belong to a split whose name is not recognized, or to none while other images do.</summary>
    UnknownSplit,

    /// <summary>Shapes that outline no box, such as lines and points, were skipped; one problem per kind of shape.</summary>
    SkippedShape,

    /// <summary>The encoding of an annotation file was guessed.</summary>
    LegacyEncoding,
}
