namespace FocalSharp.Datasets.Reading;

/// <summary>What reading saw and the data set no longer shows, kept for the linter; its size has a bound.</summary>
internal sealed class ReadStatistics(DatasetFormat format)
{
    // More different ids than any real set has categories.
    private const int MaxIds = 20_000;

    private readonly Dictionary<long, int> _used = [];
    private readonly HashSet<long> _known = [];

    /// <summary>How the boxes' numbers fit their images.</summary>
    public BoxLayoutStatistics BoxLayouts { get; } = new(format);

    /// <summary>Objects by category id, as the files give it.</summary>
    public IReadOnlyDictionary<long, int> UsedCategoryIds => _used;

    /// <summary>The category ids that the files list.</summary>
    public IReadOnlyCollection<long> KnownCategoryIds => _known;

    /// <summary>Whether there were more ids than are counted.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Counts an object's category.</summary>
    public void AddUsedCategory(long id)
    {
        if (_used.Count < MaxIds || _used.ContainsKey(id))
        {
            _used[id] = _used.GetValueOrDefault(id) + 1;
        }
        else
        {
            IsTruncated = true;
        }
    }

    /// <summary>Takes in a category that is listed.</summary>
    public void AddKnownCategory(long id)
    {
        if (_known.Count < MaxIds)
        {
            _known.Add(id);
        }
        else
        {
            IsTruncated = true;
        }
    }
}
