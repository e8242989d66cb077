namespace FocalSharp.Datasets.Reading;

/// <summary>The names of splits in folders and files.</summary>
internal static class SplitNames
{
    public static readonly DatasetSplit[] Named = [DatasetSplit.Train, DatasetSplit.Val, DatasetSplit.Test];

    /// <summary>Returns the name of a split in written data sets.</summary>
    public static string GetName(DatasetSplit split) => split switch
    {
        DatasetSplit.Train => "train",
        DatasetSplit.Val => "val",
        DatasetSplit.Test => "test",
        _ => "unassigned",
    };

    /// <summary>Returns the folder names recognized for a split.</summary>
    public static string[] GetFolderNames(DatasetSplit split) => split switch
    {
        DatasetSplit.Train => ["train", "training"],
        DatasetSplit.Val => ["val", "valid", "validation"],
        DatasetSplit.Test => ["test", "testing"],
        _ => ["unassigned"],
    };

    /// <summary>
    /// Returns the split that a file or folder name indicates, for example <c>instances_train2017</c>, <c>valid</c>, <c>my-test</c>.
    /// </summary>
    public static DatasetSplit FromName(string name)
    {
        foreach (string word in name.Split('_', '-', '.', ' '))
        {
            string bare = word.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
            foreach (DatasetSplit split in Named)
            {
                if (GetFolderNames(split).Contains(bare, StringComparer.OrdinalIgnoreCase))
                {
                    return split;
                }
            }
        }

        return DatasetSplit.Unassigned;
    }
}
