namespace FocalSharp.Datasets;

/// <summary>The parts of a data set, beyond boxes, classes and splits, that a format can store. What it cannot store is lost in a conversion.</summary>
[Flags]
public enum DatasetFeatures
{
    /// <summary>Boxes, classes and splits only.</summary>
    None = 0,

    /// <summary>The flag <see cref="ObjectAnnotation.IsCrowd"/>.</summary>
    Crowd = 1,

    /// <summary>The flag <see cref="ObjectAnnotation.IsIgnored"/>.</summary>
    Ignored = 2,

    /// <summary>The flag <see cref="ObjectAnnotation.IsDifficult"/>.</summary>
    Difficult = 4,

    /// <summary>Mask areas, <see cref="ObjectAnnotation.Area"/>.</summary>
    Area = 8,

    /// <summary>The blur of each side, <see cref="ObjectAnnotation.SideBlur"/>.</summary>
    SideBlur = 16,

    /// <summary>Category ids, <see cref="DetectionDataset.CategoryIds"/>.</summary>
    CategoryIds = 32,

    /// <summary>Image sizes, so that the annotations can be read without the image files.</summary>
    ImageSizes = 64,

    /// <summary>Everything.</summary>
    All = Crowd | Ignored | Difficult | Area | SideBlur | CategoryIds | ImageSizes,
}
