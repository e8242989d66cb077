namespace FocalSharp.Datasets.Linting.Copies;

/// <summary>Which images are copies of which.</summary>
/// <param name="Identical">Groups of at least two images, by index, whose files are the same byte for byte.</param>
/// <param name="WithinSplit">Images that look like another of their split, with that one.</param>
/// <param name="AcrossSplits">Images that look like one of another split, with that one; the image is of the later split.</param>
internal sealed record DuplicateMap(
    IReadOnlyList<int[]> Identical, IReadOnlyList<NearDuplicate> WithinSplit, IReadOnlyList<NearDuplicate> AcrossSplits);

/// <summary>Two images that look alike.</summary>
/// <param name="Image">Index of one.</param>
/// <param name="Other">Index of the other.</param>
/// <param name="Bits">Bits in which their hashes differ.</param>
/// <param name="Mirrored">Whether one is the other mirrored.</param>
internal readonly record struct NearDuplicate(int Image, int Other, int Bits, bool Mirrored)
{
    /// <summary>As in "like 'a.jpg'": what stands before the other's name.</summary>
    public string Describe() => Mirrored ? $"mirrored ({Bits} of 64 bits differ) like" : $"({Bits} of 64 bits differ) like";
}
