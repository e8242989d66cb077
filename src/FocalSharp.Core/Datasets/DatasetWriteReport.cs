namespace FocalSharp.Datasets;

/// <summary>What was written.</summary>
/// <param name="Folder">Full path of the data set's folder.</param>
/// <param name="EntryPoint">The path to hand to a reader: the folder or its <c>data.yaml</c>.</param>
/// <param name="Images">Images in the annotations.</param>
/// <param name="Objects">Objects in the annotations.</param>
/// <param name="CopiedImages">Image files copied.</param>
/// <param name="Warnings">What the format cannot hold, a sentence each; empty where nothing was lost.</param>
public sealed record DatasetWriteReport(
    string Folder, string EntryPoint, int Images, int Objects, int CopiedImages, IReadOnlyList<string> Warnings);
