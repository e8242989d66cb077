namespace FocalSharp.Torch.Checkpoints;

/// <summary>Decides which row of a file's classifier initialises which row of the model's.</summary>
internal static class ClassifierRowMapping
{
    /// <summary>For each row of the model the row of the file, or −1 for none.</summary>
    /// <param name="fileClasses">The file's class names, null where unknown.</param>
    /// <param name="fileRows">Rows of the file's classifier: one for each class, with official GFLv2 one more.</param>
    /// <param name="modelClasses">The model's class names, null where unknown.</param>
    /// <param name="modelRows">Rows of the model's classifier.</param>
    public static int[] Match(
        IReadOnlyList<string>? fileClasses, int fileRows, IReadOnlyList<string>? modelClasses, int modelRows)
    {
        int[] rows = new int[modelRows];
        if (!HasNames(fileClasses, fileRows) || !HasNames(modelClasses, modelRows))
        {
            // Without names only equal counts say that the classes may be the same.
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
