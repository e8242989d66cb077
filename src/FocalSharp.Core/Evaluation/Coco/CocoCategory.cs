namespace FocalSharp.Evaluation.Coco;

/// <summary>A category of a COCO file.</summary>
/// <param name="Id">The id in annotations and results.</param>
/// <param name="Name">The name; the id in digits if the file does not state one.</param>
public readonly record struct CocoCategory(int Id, string Name)
{
    /// <summary>Gets how many images have the category in LVIS: r (rare), c (common) or f (frequent); null if not stated.</summary>
    internal char? Frequency { get; init; }
}
