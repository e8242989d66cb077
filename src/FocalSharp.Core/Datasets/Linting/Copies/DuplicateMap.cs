namespace FocalSharp.Datasets.Linting.Copies;

/// <summary>Duplicate images.</summary>
/// <param name="Identical">Groups of at least two images, by index, with identical files.</param>
/// <param name="WithinSplit">Images that look like another of the same split, paired with it.</param>
/// <param name="AcrossSplits">Images that look like one of another split, paired with it; the first is of the later split.</param>
internal sealed record DuplicateMap(
    IReadOnlyList<int[]> Identical, IReadOnlyList<NearDuplicate> WithinSplit, IReadOnlyList<NearDuplicate> AcrossSplits);

/// <summary>Two images that look the same.</summary>
/// <param name="Image">Index of the image.</param>
/// <param name="Other">Index of the other image.</param>
/// <param name="Bits">Number of bits in which their hashes differ.</param>
/// <param name="Mirrored">Whether one is mirrored.</param>
internal readonly record struct NearDuplicate(int Image, int Other, int Bits, bool Mirrored)
{
    /// <summary>Returns the words before the other's name, as in "like 'a.jpg'".</summary>
    public string Describe() => Mirrored ? $"mirrored ({Bits} of 64 bits differ) like" : $"({Bits} of 64 bits differ) like";
}
