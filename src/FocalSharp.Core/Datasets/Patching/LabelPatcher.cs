using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Patching;

/// <summary>
/// Applies patches to data sets in memory. A label is found by its class and its box, whose edges may differ by a pixel, because formats round them.
/// What is done already is not done again, so that a patch can be applied to a data set that was exported with it; what contradicts the data set is
/// left out and reported.
/// </summary>
internal static class LabelPatcher
{
    /// <summary>The largest difference of an edge, in pixels: VOC's whole, 1-based pixels are off by up to one.</summary>
    public const float Tolerance = 1.01f;

    /// <summary>Applies a patch.</summary>
    /// <param name="dataset">The data set; it is not changed.</param>
    /// <param name="patch">The patch.</param>
    public static PatchResult Apply(DetectionDataset dataset, LabelPatch patch)
    {
        PatchImages names = new(dataset);
        Dictionary<string, PatchedImage> images = new(StringComparer.Ordinal);
        List<string> conflicts = [];
        int applied = 0;
        long nextId = dataset.Images.SelectMany(image => image.Objects).Select(item => item.Id).DefaultIfEmpty(0).Max() + 1;
        foreach ((int number, LabelEdit edit) in patch.Edits.Index())
        {
            string? problem;
            bool isChange = false;
            if (names.Find(edit.Image) is not [{ } image])
            {
                problem = names.Find(edit.Image).Count == 0 ? "the data set has no such image" : "several images have this name; add their folder";
            }
            else
            {
                images.TryAdd(image.Path, new PatchedImage(image));
                problem = images[image.Path].Apply(edit, dataset.Classes, ref nextId, out isChange);
            }

            applied += isChange ? 1 : 0;
            if (problem is not null)
            {
                conflicts.Add($"edit {number + 1}, {ProblemLog.Sanitize(edit.Image)}: {problem}");
            }
        }

        return new PatchResult(
            dataset with { Images = [.. dataset.Images.Select(image => images.TryGetValue(image.Path, out PatchedImage? patched) ? patched.ToImage() : image)] },
            applied,
            patch.Edits.Count - applied - conflicts.Count,
            conflicts);
    }
}

/// <summary>A data set with a patch applied.</summary>
/// <param name="Dataset">The data set.</param>
/// <param name="Applied">The number of edits that changed it.</param>
/// <param name="Unchanged">The number of edits that it contained already.</param>
/// <param name="Conflicts">The edits that could not be applied, with the reasons.</param>
internal sealed record PatchResult(DetectionDataset Dataset, int Applied, int Unchanged, IReadOnlyList<string> Conflicts)
{
    /// <summary>Returns the numbers as a sentence.</summary>
    public string Describe() => FormattableString.Invariant($"{Applied} of {Applied + Unchanged + Conflicts.Count} edits applied")
        + (Unchanged > 0 ? FormattableString.Invariant($", {Unchanged} done already") : "")
        + (Conflicts.Count > 0 ? FormattableString.Invariant($", {Conflicts.Count} in conflict with the data set") : "");
}
