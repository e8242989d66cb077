namespace FocalSharp.Torch.Checkpoints;

/// <summary>Maps rows of the model's classifier to rows of the file's.</summary>
internal static class ClassifierRowMapping
{
    /// <summary>Returns the row of the file for each row of the model, or −1 for none.</summary>
    /// <param name="fileClasses">The file's class names, null if unknown.</param>
    /// <param name="fileRows">Rows of the file's classifier: one per class, with official GFLv2 one more.</param>
    /// <param name="modelClasses">The model's class names, null if unknown.</param>
    /// <param name="modelRows">Rows of the model's classifier.</param>
    public static int[] Match(
        IReadOnlyList<string>? fileClasses, int fileRows, IReadOnlyList<string>? modelClasses, int modelRows)
    {
        int[] rows = new int[modelRows];
        if (!HasNames(fileClasses, fileRows) || !HasNames(modelClasses, modelRows))
        {
            // Without names, classes are taken to be the same if there are equally many.
            for (int row = 0; row < rows.Length; row++)
            {
                rows[row] = fileRows == modelRows ? row : -1;
            }

            return rows;
        }

        Dictionary<string, int> labels = new(StringComparer.OrdinalIgnoreCase);
        for (int label = 0; label < fileClasses!.Count; label++)
        {
            labels.TryAdd(fileClasses[label], label);
        }

        for (int row = 0; row < rows.Length; row++)
        {
            bool background = row == modelClasses!.Count;
            rows[row] = background
                ? (fileRows > fileClasses.Count ? fileRows - 1 : -1)
                : labels.GetValueOrDefault(modelClasses[row], -1);
        }

        return rows;
    }

    private static bool HasNames(IReadOnlyList<string>? classes, int rows) =>
        classes is not null && (classes.Count == rows || classes.Count == rows - 1);
}
