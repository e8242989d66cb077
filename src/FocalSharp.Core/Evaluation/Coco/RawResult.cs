using System.Runtime.InteropServices;

namespace FocalSharp.Evaluation.Coco;

/// <summary>One entry of a results file as written. Texts are positions in <see cref="RawResults.Texts"/>, or −1.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RawResult
{
    /// <summary>Gets the numeric <c>image_id</c>.</summary>
    public long? ImageId { get; init; }

    /// <summary>Gets the <c>image_id</c> that is text.</summary>
    public required int ImageText { get; init; }

    /// <summary>Gets the <c>file_name</c>.</summary>
    public required int FileName { get; init; }

    /// <summary>Gets the numeric <c>category_id</c>.</summary>
    public int? CategoryId { get; init; }

    /// <summary>Gets the <c>category_name</c>, or the <c>category_id</c> that is text.</summary>
    public required int CategoryName { get; init; }

    /// <summary>Gets the box.</summary>
    public required CocoBox Box { get; init; }

    /// <summary>Gets the score.</summary>
    public required double Score { get; init; }
}
