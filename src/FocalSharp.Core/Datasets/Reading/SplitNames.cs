namespace FocalSharp.Datasets.Reading;

/// <summary>The names that splits go by in folders and files.</summary>
internal static class SplitNames
{
    public static readonly DatasetSplit[] Named = [DatasetSplit.Train, DatasetSplit.Val, DatasetSplit.Test];

    /// <summary>The name that our writers give a split.</summary>
    public static string GetName(DatasetSplit split) => split switch
    {
        DatasetSplit.Train => "train",
        DatasetSplit.Val => "val",
        DatasetSplit.Test => "test",
        _ => "unassigned",
    };

    /// <summary>All the names that a split's folder may have.</summary>
    public static string[] GetFolderNames(DatasetSplit split) => split switch
    {
        DatasetSplit.Train => ["train", "training"],
        DatasetSplit.Val => ["val", "valid", "validation"],
        DatasetSplit.Test => ["test", "testing"],
        _ => ["unassigned"],
    };

    /// <summary>
    /// The split that a file's or folder's name tells of: <c>instances_train2017</c>, <c>valid</c>, <c>my-test</c>.
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
