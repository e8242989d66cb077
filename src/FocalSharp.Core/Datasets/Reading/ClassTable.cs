namespace FocalSharp.Datasets.Reading;

/// <summary>
/// Assigns labels to class names. Classes that the files list retain their order; others follow in alphabetical order, so that labels do not
/// depend on the order of the images.
/// </summary>
internal sealed class ClassTable
{
    private const int MaxClasses = 100_000;
    private readonly List<string> _names = [];
    private readonly Dictionary<string, int> _labels = new(StringComparer.Ordinal);
    private int _declared;

    /// <summary>Gets the number of classes so far.</summary>
    public int Count => _names.Count;

    /// <summary>Adds classes that the files list, in this order. Call it before <see cref="GetLabel"/>.</summary>
    public void Declare(IEnumerable<string?> names)
    {
        foreach (string? name in names)
        {
            _ = GetLabel(name);
        }

        _declared = _names.Count;
    }

    /// <summary>Returns the provisional label of a class, or null if the name is empty. <see cref="Complete"/> makes labels final.</summary>
    /// <exception cref="InvalidDataException">There are too many classes.</exception>
    public int? GetLabel(string? name)
    {
        if (ClassNameParser.Clean(name) is not { } clean)
        {
            return null;
        }

        if (!_labels.TryGetValue(clean, out int label))
        {
            if (_names.Count == MaxClasses)
            {
                throw new InvalidDataException($"it has more than {MaxClasses:N0} classes");
            }

            _labels[clean] = label = _names.Count;
            _names.Add(clean);
        }

        return label;
    }

    /// <summary>Sorts the classes that no file lists, and corrects the labels of the boxes.</summary>
    public void Complete(RawDataset raw)
    {
        int[] order = [.. Enumerable.Range(0, _declared), .. Enumerable.Range(_declared, _names.Count - _declared).OrderBy(label => _names[label], StringComparer.Ordinal)];
        int[] final = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            final[order[i]] = i;
        }

        raw.Classes = [.. order.Select(label => _names[label])];
        foreach (RawImage image in raw.Images)
        {
            for (int i = 0; i < image.Boxes.Count; i++)
            {
                if (final[image.Boxes[i].Label] != image.Boxes[i].Label)
                {
                    image.Boxes[i] = image.Boxes[i] with { Label = final[image.Boxes[i].Label] };
                }
            }
        }
    }
}
