namespace FocalSharp.Cli.Verbs;

/// <summary>What the command line asks of <c>convert</c>.</summary>
/// <param name="Source">The data set.</param>
/// <param name="Format"><c>coco</c>, <c>voc</c> or <c>yolo</c>.</param>
/// <param name="Out">Folder to write into.</param>
/// <param name="Overwrite">Whether the folder may hold files already.</param>
/// <param name="CopyImages">Whether images are copied.</param>
internal sealed record ConvertRequest(string Source, string Format, string Out, bool Overwrite, bool CopyImages);
