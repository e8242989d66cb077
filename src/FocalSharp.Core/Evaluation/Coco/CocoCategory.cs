namespace FocalSharp.Evaluation.Coco;

/// <summary>A category of a COCO file.</summary>
/// <param name="Id">The id that annotations and results name it by.</param>
/// <param name="Name">Its name; the id in digits where the file gives none.</param>
public readonly record struct CocoCategory(int Id, string Name);
