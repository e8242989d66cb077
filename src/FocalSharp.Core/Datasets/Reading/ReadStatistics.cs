namespace FocalSharp.Datasets.Reading;

/// <summary>Facts about the files that the data set no longer contains, counted for the linter; bounded in size.</summary>
/// <param name="declared">The interpretation of boxes that the format prescribes; null if it has none.</param>
/// <param name="oneBased">Whether the files count pixels from 1, the last one included.</param>
internal sealed class ReadStatistics(BoxLayoutHypothesis? declared, bool oneBased)
{
    // More ids than any real data set has categories.
    private const int MaxIds = 20_000;

    private readonly Dictionary<long, int> _used = [];
    private readonly HashSet<long> _known = [];

    /// <summary>Gets how the boxes' numbers fit their images; null if the format prescribes no layout.</summary>
    public BoxLayoutStatistics? BoxLayouts { get; } = declared is { } layout ? new(layout, oneBased) : null;

    /// <summary>Gets the number of objects by category id.</summary>
    public IReadOnlyDictionary<long, int> UsedCategoryIds => _used;

    /// <summary>Gets the category ids that the files list.</summary>
    public IReadOnlyCollection<long> KnownCategoryIds => _known;

    /// <summary>Gets whether there were more ids than are counted.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Counts the category of an object.</summary>
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

    /// <summary>Records a listed category.</summary>
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
