namespace FocalSharp.Datasets;

/// <summary>The result of <see cref="DatasetWriter.Write"/>.</summary>
/// <param name="Folder">Full path of the data set's folder.</param>
/// <param name="EntryPoint">The path to pass to <see cref="DatasetReader"/>: the folder or the main annotation file.</param>
/// <param name="Images">Number of images in the annotations.</param>
/// <param name="Objects">Number of objects in the annotations.</param>
/// <param name="CopiedImages">Number of image files copied.</param>
/// <param name="Warnings">What the format cannot store, one sentence each; empty if nothing was lost.</param>
public sealed record DatasetWriteReport(
    string Folder, string EntryPoint, int Images, int Objects, int CopiedImages, IReadOnlyList<string> Warnings);
