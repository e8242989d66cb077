namespace FocalSharp.Datasets.Reading;

/// <summary>The names of splits in folders, files and keys.</summary>
internal static class SplitNames
{
    public static readonly DatasetSplit[] Named = [DatasetSplit.Train, DatasetSplit.Val, DatasetSplit.Test];

    /// <summary>The list that contains train and val; it assigns only images that no other list does.</summary>
    public const string TrainVal = "trainval";

    private static readonly Dictionary<string, DatasetSplit> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        ["train"] = DatasetSplit.Train,
        ["training"] = DatasetSplit.Train,
        ["trainset"] = DatasetSplit.Train,
        ["trn"] = DatasetSplit.Train,
        ["minitrain"] = DatasetSplit.Train,
        [TrainVal] = DatasetSplit.Train,
        ["valminusminival"] = DatasetSplit.Train,
        ["val"] = DatasetSplit.Val,
        ["valid"] = DatasetSplit.Val,
        ["validation"] = DatasetSplit.Val,
        ["validate"] = DatasetSplit.Val,
        ["valset"] = DatasetSplit.Val,
        ["minival"] = DatasetSplit.Val,
        ["dev"] = DatasetSplit.Val,
        ["devel"] = DatasetSplit.Val,
        ["development"] = DatasetSplit.Val,
        ["eval"] = DatasetSplit.Val,
        ["evaluation"] = DatasetSplit.Val,
        ["test"] = DatasetSplit.Test,
        ["testing"] = DatasetSplit.Test,
        ["testset"] = DatasetSplit.Test,
        ["testdev"] = DatasetSplit.Test,
        ["tst"] = DatasetSplit.Test,
        ["holdout"] = DatasetSplit.Test,
    };

    private static readonly HashSet<string> ListWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "list", "lists", "file", "files", "filelist", "image", "images", "img", "imgs", "set", "path", "paths", "split", "id", "ids", "name", "names",
    };

    /// <summary>Returns the name of a split in written data sets.</summary>
    public static string GetName(DatasetSplit split) => split switch
    {
        DatasetSplit.Train => "train",
        DatasetSplit.Val => "val",
        DatasetSplit.Test => "test",
        _ => "unassigned",
    };

    /// <summary>Returns the usual folder names of a split.</summary>
    public static string[] GetFolderNames(DatasetSplit split) => split switch
    {
        DatasetSplit.Train => ["train", "training"],
        DatasetSplit.Val => ["val", "valid", "validation"],
        DatasetSplit.Test => ["test", "testing"],
        _ => ["unassigned"],
    };

    /// <summary>
    /// Returns the split that a word of a file or folder name indicates, for example <c>instances_train2017</c>, <c>Valid</c>,
    /// <c>my-test</c>, <c>imagesTrain</c>.
    /// </summary>
    public static DatasetSplit FromName(string name) =>
        GetWords(name).Select(word => Words.GetValueOrDefault(word)).FirstOrDefault(split => split != DatasetSplit.Unassigned);

    /// <summary>Returns the split if the whole name is that of a split, apart from its case and a number: <c>Train</c>, <c>val2017</c>.</summary>
    public static DatasetSplit FromWholeName(string name) =>
        Words.GetValueOrDefault(name.Trim().TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9').TrimEnd('_', '-', ' '));

    /// <summary>Returns the split of a list of images by its name, to which a word such as "list" may be added: <c>train_list</c>, <c>imagesVal</c>.</summary>
    public static DatasetSplit FromListName(string name) => FromWholeName(name) is var whole && whole != DatasetSplit.Unassigned ? whole
        : GetWords(name).Where(word => !ListWords.Contains(word)).ToArray() is [{ } word] ? Words.GetValueOrDefault(word) : DatasetSplit.Unassigned;

    /// <summary>Returns whether a name is that of the union of train and val.</summary>
    public static bool IsTrainVal(string? name) => name is not null && GetWords(name).Contains(TrainVal, StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the folders in a folder whose names indicate a split, in the order of the splits, then by name.</summary>
    public static IReadOnlyList<(DatasetSplit Split, string Folder)> FindFolders(string parent)
    {
        if (!Directory.Exists(parent))
        {
            return [];
        }

        EnumerationOptions options = new() { IgnoreInaccessible = true };
        return
        [
            .. Directory.EnumerateDirectories(parent, "*", options).Select(folder => (Split: FromName(Path.GetFileName(folder)), Folder: folder))
                .Where(found => found.Split != DatasetSplit.Unassigned)
                .OrderBy(found => found.Split).ThenBy(found => found.Folder, StringComparer.Ordinal),
        ];
    }

    // Words are runs of letters; a capital after a small letter begins another one.
    private static IEnumerable<string> GetWords(string name)
    {
        int start = 0;
        for (int i = 0; i <= name.Length; i++)
        {
            bool ends = i == name.Length || !char.IsLetter(name[i]);
            bool camel = !ends && i > start && char.IsUpper(name[i]) && char.IsLower(name[i - 1]);
            if ((ends || camel) && i > start)
            {
                yield return name[start..i];
            }

            start = ends ? i + 1 : camel ? i : start;
        }
    }
}
