using FocalSharp.Datasets.Formats.Coco;

namespace FocalSharp.Evaluation.Coco;

/// <summary>Matches the entries of a results file to the images and categories of a ground truth, all in the same way.</summary>
internal static class CocoResultsResolver
{
    /// <summary>Matches all entries.</summary>
    /// <param name="raw">The entries.</param>
    /// <param name="truth">The ground truth.</param>
    /// <param name="matching">How images are matched.</param>
    /// <exception cref="DatasetException">An entry belongs to no image or category.</exception>
    /// <exception cref="OptionException">The ids name one image as numbers and another as file names.</exception>
    public static CocoResults Resolve(RawResults raw, CocoGroundTruth truth, ImageMatching matching = ImageMatching.Auto)
    {
        List<string> notes = [];
        ImageResolver resolver = new(raw, truth, notes);
        long[] images = resolver.Resolve(matching);
        int?[] categories = new CategoryResolver(raw, truth, notes).Resolve();
        return new CocoResults(raw.Source, Create(raw, images, categories))
        {
            Notes = notes,
            ByImageId = resolver.OtherIds is { } others ? new CocoResults(raw.Source, Create(raw, others, categories)) : null,
        };
    }

    private static List<CocoResult> Create(RawResults raw, long[] images, int?[] categories)
    {
        List<CocoResult> entries = new(raw.Entries.Length);
        for (int i = 0; i < raw.Entries.Length; i++)
        {
            if (categories[i] is { } category)
            {
                entries.Add(new CocoResult(images[i], category, raw.Entries[i].Box, raw.Entries[i].Score));
            }
        }

        return entries;
    }

    private sealed class ImageResolver(RawResults raw, CocoGroundTruth truth, List<string> notes)
    {
        private readonly HashSet<long> _known = [.. truth.ImageIds];
        private readonly ImageNameIndex _names = new(truth);

        /// <summary>Gets the images by id if all exist, but some are not those of the file names, by which the entries are matched.</summary>
        public long[]? OtherIds { get; private set; }

        public long[] Resolve(ImageMatching matching)
        {
            if (raw.Entries.Length == 0)
            {
                return [];
            }

            bool statesFiles = Array.Exists(raw.Entries, entry => entry.FileName >= 0);
            bool statesTexts = Array.Exists(raw.Entries, entry => entry.ImageText >= 0);
            long?[] byId = matching == ImageMatching.FileName ? new long?[raw.Entries.Length] : ById();
            int missingId = Array.IndexOf(byId, null);
            if (matching == ImageMatching.Id || (!statesFiles && !statesTexts && missingId < 0 && matching == ImageMatching.Auto))
            {
                return missingId < 0 ? Complete(byId) : throw UnknownImage(missingId);
            }

            if (matching == ImageMatching.Auto && !statesFiles && statesTexts && raw.Entries.All(entry => entry.ImageText >= 0 && truth.TextIds.ContainsKey(raw.Texts[entry.ImageText])))
            {
                return Complete(byId);
            }

            long?[] byFile = statesFiles || statesTexts ? ByFileName() : ByNumber();
            int missingFile = Array.IndexOf(byFile, null);
            if (missingFile >= 0)
            {
                return missingId < 0 && raw.Entries.Length > 0 && matching == ImageMatching.Auto ? Complete(byId) : throw UnknownImage(statesFiles ? missingFile : Math.Max(missingId, 0));
            }

            int different = raw.Entries.Where((entry, i) => (entry.ImageId is not null || entry.ImageText >= 0) && byId[i] != byFile[i]).Count();
            if (missingId < 0 && different > 0 && !statesFiles && matching == ImageMatching.Auto)
            {
                int entry = Enumerable.Range(0, byId.Length).First(i => byId[i] != byFile[i]);
                throw new OptionException(
                    $"{raw.Source}: entry {entry}: image_id \"{raw.Texts[raw.Entries[entry].ImageText]}\" is the id of one image of {truth.Source} and the file name of another. "
                    + "State whether ids or file names are meant.")
                { OptionName = nameof(ImageMatching) };
            }

            OtherIds = missingId < 0 && different > 0 && statesFiles && matching == ImageMatching.Auto ? Complete(byId) : null;
            Report(statesFiles || statesTexts, statesFiles, different);
            return Complete(byFile);
        }

        private void Report(bool isText, bool statesFiles, int different)
        {
            string by = !isText ? "by the number in their file names" : _names.UsedStem ? "by file name without extension" : "by file name";
            bool hasIds = Array.Exists(raw.Entries, entry => entry.ImageId is not null);
            if (different > 0 && statesFiles && hasIds)
            {
                notes.Add($"Detections are matched to images {by}: the image_id of {different} of {raw.Entries.Length} is that of another image or of none.");
            }
            else if (!statesFiles || !hasIds)
            {
                notes.Add($"Detections are matched to images {by}{(hasIds ? ", because image_id is not among the annotations' ids" : "")}.");
            }
        }

        private long?[] ById() => Map(entry =>
        {
            long? id = entry.ImageId;
            if (id is null && entry.ImageText >= 0)
            {
                string text = raw.Texts[entry.ImageText];
                id = truth.TextIds.TryGetValue(text, out long number) ? number : CocoFile.ParseId(text);
            }

            return id is { } known && _known.Contains(known) ? id : null;
        });

        private long?[] ByFileName()
        {
            long?[] found = [.. raw.Texts.Select(_ => (long?)null)];
            foreach (int text in raw.Entries.Select(TextOf).Where(text => text >= 0).Distinct())
            {
                found[text] = _names.Find(raw.Texts[text]);
            }

            return Map(entry => TextOf(entry) is var text and >= 0 ? found[text] : null);
        }

        // Ultralytics writes the number of a numeric file name as image_id.
        private long?[] ByNumber()
        {
            Dictionary<long, long> numbers = _names.FindNumbers();
            return Map(entry => numbers.TryGetValue(entry.ImageId!.Value, out long id) ? id : null);
        }

        private static int TextOf(RawResult entry) => entry.FileName >= 0 ? entry.FileName : entry.ImageText;

        private long?[] Map(Func<RawResult, long?> map) => Array.ConvertAll(raw.Entries, entry => map(entry));

        private static long[] Complete(long?[] ids) => Array.ConvertAll(ids, id => id!.Value);

        private DatasetException UnknownImage(int index)
        {
            RawResult entry = raw.Entries[index];
            string what = entry.FileName >= 0 ? $"file_name \"{raw.Texts[entry.FileName]}\""
                : entry.ImageText >= 0 ? $"image_id \"{raw.Texts[entry.ImageText]}\"" : $"image_id {entry.ImageId}";
            string example = truth.ImageIds.Count == 0 ? ""
                : $" (such as {truth.ImageIds[0]}{(truth.FileNames is [{ Length: > 0 } first, ..] ? $", {first}" : "")})";
            return raw.Error(index, $"{what} is not among the {_known.Count} images of {truth.Source}{example}, neither as an id nor as a file name. "
                + "Evaluate results against the annotations of the same images, or remove the entry");
        }
    }

    private sealed class CategoryResolver(RawResults raw, CocoGroundTruth truth, List<string> notes)
    {
        private const int MaxListed = 5;

        public int?[] Resolve()
        {
            // Unknown numeric ids are an error of the evaluation, which has an option to ignore them.
            int?[] byId = Array.ConvertAll(raw.Entries, entry => entry.CategoryId);
            int?[] byName = ByName();
            bool allNamed = Array.TrueForAll(raw.Entries, entry => entry.CategoryName >= 0);
            int missing = Array.IndexOf(byId, null);
            if (!allNamed || Array.TrueForAll(byName, id => id is null) || (missing < 0 && HasRepeatedName()))
            {
                return missing < 0 ? byId : throw raw.Error(
                    missing, raw.Entries[missing].CategoryName is var name and >= 0
                        ? $"class \"{raw.Texts[name]}\" is not among the categories of {truth.Source} ({List(truth.Categories.Select(category => category.Name))})"
                        : "'category_id' is missing");
            }

            string[] dropped = [.. raw.Entries.Where((_, i) => byName[i] is null).Select(entry => raw.Texts[entry.CategoryName]).Distinct()];
            int different = raw.Entries.Where((entry, i) => byName[i] is not null && entry.CategoryId is { } id && id != byName[i]).Count();
            if (different > 0)
            {
                notes.Add($"Detections are matched to classes by name: the category_id of {different} of {raw.Entries.Length} is that of another class or of none.");
            }

            if (dropped.Length > 0)
            {
                notes.Add($"{byName.Count(id => id is null)} detections of classes that the annotations do not have are left out: {List(dropped)}.");
            }

            return byName;
        }

        private bool HasRepeatedName()
        {
            HashSet<string> repeated = [.. truth.Categories.GroupBy(category => category.Name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key)];
            return repeated.Count > 0 && Array.Exists(raw.Entries, entry => repeated.Contains(raw.Texts[entry.CategoryName]));
        }

        // Names that only differ in case are the same class, unless the annotations distinguish them.
        private int?[] ByName()
        {
            ILookup<string, int> exact = truth.Categories.ToLookup(category => category.Name, category => category.Id, StringComparer.Ordinal);
            ILookup<string, int> folded = truth.Categories.ToLookup(category => category.Name, category => category.Id, StringComparer.OrdinalIgnoreCase);
            int?[] found = [.. raw.Texts.Select(_ => (int?)null)];
            foreach (int text in raw.Entries.Select(entry => entry.CategoryName).Where(text => text >= 0).Distinct())
            {
                string name = raw.Texts[text];
                found[text] = truth.CategoryTextIds.TryGetValue(name, out int id) ? id : Single(exact[name]) ?? Single(folded[name]);
            }

            return Array.ConvertAll(raw.Entries, entry => entry.CategoryName >= 0 ? found[entry.CategoryName] : null);
        }

        private static int? Single(IEnumerable<int> ids) => ids.Take(2).ToArray() is [int only] ? only : null;

        private static string List(IEnumerable<string> names)
        {
            string[] all = [.. names];
            return string.Join(", ", all.Take(MaxListed)) + (all.Length > MaxListed ? ", …" : "");
        }
    }
}
