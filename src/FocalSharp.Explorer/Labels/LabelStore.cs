using FocalSharp.Datasets;
using FocalSharp.Datasets.Patching;

namespace FocalSharp.Explorer.Labels;

/// <summary>The corrected labels of a data set. Every change reads the patch file, appends to it and writes it, so that two explorers do not undo each other's changes.</summary>
/// <param name="path">The patch file.</param>
/// <param name="original">The data set with the labels of the annotations.</param>
internal sealed class LabelStore(string path, DetectionDataset original)
{
    private readonly Lock _lock = new();
    private readonly PatchImages _names = new(original);

    /// <summary>Gets the patch file.</summary>
    public string Path => path;

    /// <summary>Gets the class names of the data set.</summary>
    public IReadOnlyList<string> Classes => original.Classes;

    /// <summary>Returns the labels of an image with the corrections applied.</summary>
    /// <exception cref="FileException">The patch cannot be read.</exception>
    public ImageLabels Get(DatasetImage image) => Get(Read(), image);

    /// <summary>Adds a correction.</summary>
    /// <param name="image">The image.</param>
    /// <param name="before">The label to replace or delete; null to add one.</param>
    /// <param name="after">The new label; null to delete.</param>
    /// <exception cref="DatasetException">There is no such label, or the new one does not fit the data set.</exception>
    /// <exception cref="FileException">The patch cannot be read or written.</exception>
    public ImageLabels Add(DatasetImage image, PatchLabel? before, PatchLabel? after)
    {
        lock (_lock)
        {
            LabelPatch patch = Read();
            LabelEdit edit = new(_names.GetName(image), before, after);
            long id = 1;
            PatchedImage current = Apply(patch, image);
            string? problem = current.Apply(edit, original.Classes, ref id, out bool isChange);
            if (problem is not null)
            {
                throw new DatasetException($"{edit.Image}: {problem}.");
            }

            if (!isChange)
            {
                throw new DatasetException($"{edit.Image}: has this label already.");
            }

            if (patch.Edits.Count >= LabelPatchJson.MaxEdits)
            {
                throw new DatasetException($"{System.IO.Path.GetFileName(path)}: has {LabelPatchJson.MaxEdits} edits, the most that a patch may have. Convert the data set with it, and start another.");
            }

            patch = patch with { Edits = [.. patch.Edits, edit] };
            patch.Save(path);
            return Get(patch, image);
        }
    }

    /// <summary>Removes the last correction.</summary>
    /// <returns>The image that it was about, or null if there was none or the data set does not have it.</returns>
    public DatasetImage? Undo()
    {
        lock (_lock)
        {
            LabelPatch patch = Read();
            if (patch.Edits.Count == 0)
            {
                return null;
            }

            (patch with { Edits = [.. patch.Edits.SkipLast(1)] }).Save(path);
            return _names.Find(patch.Edits[^1].Image) is [{ } image] ? image : null;
        }
    }

    /// <summary>Records that the labels of an image were checked.</summary>
    public ImageLabels Review(DatasetImage image)
    {
        lock (_lock)
        {
            LabelPatch patch = Read();
            string name = _names.GetName(image);
            if (!patch.Reviewed.Contains(name))
            {
                patch = patch with { Reviewed = [.. patch.Reviewed, name] };
                patch.Save(path);
            }

            return Get(patch, image);
        }
    }

    /// <summary>Returns the paths of the images whose labels were checked.</summary>
    public IReadOnlySet<string> GetReviewed() =>
        Read().Reviewed.Select(_names.Find).Where(found => found.Count == 1).Select(found => found[0].Path).ToHashSet(StringComparer.Ordinal);

    private LabelPatch Read() => File.Exists(path) ? LabelPatch.Read(path) : new LabelPatch { Dataset = original.Name };

    private PatchedImage Apply(LabelPatch patch, DatasetImage image)
    {
        PatchedImage patched = new(image);
        long id = 1;
        foreach (LabelEdit edit in patch.Edits.Where(edit => IsAbout(edit.Image, image)))
        {
            patched.Apply(edit, original.Classes, ref id, out _);
        }

        return patched;
    }

    private bool IsAbout(string name, DatasetImage image) => _names.Find(name) is [{ } found] && found.Path == image.Path;

    private ImageLabels Get(LabelPatch patch, DatasetImage image) => new(
        Apply(patch, image).Objects,
        patch.Edits.Count(edit => IsAbout(edit.Image, image)),
        patch.Edits.Count,
        patch.Reviewed.Contains(_names.GetName(image)),
        patch.Reviewed.Count);
}

/// <summary>The labels of an image.</summary>
/// <param name="Objects">The objects.</param>
/// <param name="Edits">The number of corrections of this image.</param>
/// <param name="AllEdits">The number of corrections of all images.</param>
/// <param name="IsReviewed">Whether the image was checked.</param>
/// <param name="ReviewedImages">The number of images that were checked.</param>
internal sealed record ImageLabels(IReadOnlyList<PatchedObject> Objects, int Edits, int AllEdits, bool IsReviewed, int ReviewedImages);
