namespace FocalSharp.Datasets;

/// <summary>A problem in a data set, found while reading it.</summary>
/// <param name="Kind">The kind of problem.</param>
/// <param name="File">The annotation file, relative to the data set's folder if possible.</param>
/// <param name="Image">The image, or null.</param>
/// <param name="Object">The object's position in its image from 0, or null.</param>
/// <param name="Message">What is wrong, where, and how to fix it, in one line.</param>
public sealed record DatasetProblem(DatasetProblemKind Kind, string File, string? Image, int? Object, string Message)
{
    /// <summary>Gets the message without the place, by which problems are grouped; null to group by the whole message.</summary>
    internal string? Cause { get; init; }

    /// <summary>Gets the place, for example <c>labels/a.txt: line 4</c>; null for the file.</summary>
    internal string? Place { get; init; }
}
