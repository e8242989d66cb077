namespace FocalSharp.Evaluation.Coco;

/// <summary>How the entries of a results file are matched to images.</summary>
internal enum ImageMatching
{
    /// <summary>By file name if entries state one, else by id, else by the file name that an id stands for.</summary>
    Auto,

    /// <summary>By <c>image_id</c> only.</summary>
    Id,

    /// <summary>By file name only.</summary>
    FileName,
}
