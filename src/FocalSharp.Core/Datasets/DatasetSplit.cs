namespace FocalSharp.Datasets;

/// <summary>The part of a data set that an image belongs to.</summary>
public enum DatasetSplit
{
    /// <summary>The data set says nothing about the image.</summary>
    Unassigned = 0,

    /// <summary>For training.</summary>
    Train = 1,

    /// <summary>For choosing among models.</summary>
    Val = 2,

    /// <summary>For the final judgement.</summary>
    Test = 3,
}
