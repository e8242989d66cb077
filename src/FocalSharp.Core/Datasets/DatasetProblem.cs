namespace FocalSharp.Datasets;

/// <summary>Something wrong in a data set, found while reading it.</summary>
/// <param name="Kind">What kind of fault, for counting and for scripts.</param>
/// <param name="File">The annotation file, relative to the data set's root where possible.</param>
/// <param name="Image">The image concerned, or null.</param>
/// <param name="Object">The object's position in its image from 0, or null.</param>
/// <param name="Message">What, where, why and the way out, in one line.</param>
public sealed record DatasetProblem(DatasetProblemKind Kind, string File, string? Image, int? Object, string Message);
