namespace FocalSharp.Datasets;

/// <summary>The part of a data set that an image belongs to.</summary>
public enum DatasetSplit
{
    /// <summary>The data set assigns the image to no split.</summary>
    Unassigned = 0,

    /// <summary>For training.</summary>
    Train = 1,

    /// <summary>For model selection during development.</summary>
    Val = 2,

    /// <summary>For the final evaluation.</summary>
    Test = 3,
}
