using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Formats.Voc;

/// <summary>
/// The lists of <c>ImageSets/Main</c>. <c>trainval</c> is the union of <c>train</c> and <c>val</c>, so it only assigns images that
/// neither of them lists: those are for training.
/// </summary>
internal static class VocSplits
{
    private static readonly (string List, DatasetSplit Split)[] Lists =
        [("train", DatasetSplit.Train), ("val", DatasetSplit.Val), ("test", DatasetSplit.Test), ("trainval", DatasetSplit.Train)];

    /// <summary>Maps image ids (file stems) to splits; an id in two lists goes to the evaluation split.</summary>
    /// <param name="root">The data set's folder.</param>
    /// <param name="stems">The stems of the XML files.</param>
    /// <param name="raw">Receives the problems.</param>
    public static Dictionary<string, (DatasetSplit Split, string List)> Read(
        string root, HashSet<string> stems, RawDataset raw)
    {
        Dictionary<string, (DatasetSplit Split, string List)> splits = new(StringComparer.Ordinal);
        foreach ((string list, DatasetSplit split) in Lists)
        {
            string path = Path.Combine(root, "ImageSets", "Main", list + ".txt");
            if (!File.Exists(path))
            {
                continue;
            }

            string shown = raw.Root.GetRelativePath(path);
            foreach (string id in Ids(path, shown, stems, raw.Log))
            {
                if (splits.TryAdd(id, (split, shown)) || list == "trainval" || splits[id].Split == split)
                {
                    continue;
                }

                if (split > splits[id].Split)
                {
                    splits[id] = (split, shown);
                }

                raw.Log.Add(
                    DatasetProblemKind.DuplicateId,
                    shown,
                    $"the image is also in another list; assigned to {SplitNames.GetName(splits[id].Split)}",
                    "list each image in only one of train, val and test",
                    id);
            }
        }

        return splits;
    }

    // A flag may follow the id, as in the lists per class; but an id may contain spaces too.
    private static IEnumerable<string> Ids(string path, string shown, HashSet<string> stems, ProblemLog log)
    {
        try
        {
            return
            [
                .. BoundedText.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0)
                    .Select(line => stems.Contains(line) ? line : line.Split([' ', '\t'], 2)[0]),
            ];
        }
        catch (InvalidDataException exception)
        {
            log.Add(DatasetProblemKind.UnreadableAnnotation, shown, $"{exception.Message}, skipped", "split the list");
            return [];
        }
    }
}
