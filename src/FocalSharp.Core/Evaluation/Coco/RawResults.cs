namespace FocalSharp.Evaluation.Coco;

/// <summary>A results file before its entries are matched to images and categories.</summary>
/// <param name="Source">The file.</param>
/// <param name="Entries">The entries in file order.</param>
/// <param name="Texts">The distinct texts of the entries.</param>
internal sealed record RawResults(string Source, RawResult[] Entries, IReadOnlyList<string> Texts)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="DatasetException">The file is malformed; the message identifies the entry.</exception>
    public static RawResults Read(string path) => CocoFileReader.Read(path, CocoResultsReader.Read);

    /// <summary>Returns the entries by their numeric ids.</summary>
    /// <exception cref="DatasetException">An entry has no numeric ids.</exception>
    public CocoResults ToResults()
    {
        CocoResult[] entries = new CocoResult[Entries.Length];
        for (int i = 0; i < entries.Length; i++)
        {
            ref readonly RawResult raw = ref Entries[i];
            long image = raw.ImageId ?? throw Error(i, raw.ImageText >= 0
                ? $"'image_id' is the text \"{Texts[raw.ImageText]}\"; it can be matched only together with the annotations"
                : "'image_id' is missing; it can be matched by file name only together with the annotations");
            int category = raw.CategoryId ?? throw Error(i, "'category_id' is missing or text; it can be matched by name only together with the annotations");
            entries[i] = new CocoResult(image, category, raw.Box, raw.Score);
        }

        return new CocoResults(Source, entries);
    }

    /// <summary>Creates an error of an entry.</summary>
    public DatasetException Error(int entry, string what) => new($"{Source}: entry {entry}: {what}.") { Path = Source };
}
