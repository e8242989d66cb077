namespace FocalSharp.Datasets.Formats.Coco;

/// <summary>Ids of a COCO file that are text. Each stands for a placeholder until the whole file is read, since lists come in any order.</summary>
internal sealed class TextIds
{
    private const long FirstPlaceholder = long.MinValue;
    private const long EndPlaceholder = long.MinValue + (1L << 40);

    private readonly List<string> _texts = [];
    private readonly Dictionary<string, long> _placeholders = new(StringComparer.Ordinal);

    /// <summary>Gets, after <see cref="Resolve"/>, the number of each text.</summary>
    public Dictionary<string, long> Numbers { get; } = new(StringComparer.Ordinal);

    /// <summary>Returns whether a number is a placeholder.</summary>
    public static bool IsText(long id) => id < EndPlaceholder;

    /// <summary>Returns the placeholder of a text.</summary>
    public long Add(string text)
    {
        if (!_placeholders.TryGetValue(text, out long placeholder))
        {
            placeholder = FirstPlaceholder + _texts.Count;
            _placeholders.Add(text, placeholder);
            _texts.Add(text);
        }

        return placeholder;
    }

    /// <summary>Numbers the text ids of a list and returns the number of each placeholder; null if there is no text id.</summary>
    /// <param name="listed">The ids of the list that defines them, in file order.</param>
    /// <param name="used">The ids that refer to them; a number that is not listed stays unknown.</param>
    public Dictionary<long, long>? Resolve(IEnumerable<long?> listed, IEnumerable<long?> used)
    {
        if (_texts.Count == 0)
        {
            return null;
        }

        long[] known = [.. listed.OfType<long>()];
        long next = Math.Clamp(known.Concat(used.OfType<long>()).Where(id => !IsText(id)).DefaultIfEmpty().Max(), 0, long.MaxValue / 2) + 1;
        Dictionary<long, long> numbers = [];
        foreach (long placeholder in known.Where(IsText))
        {
            if (numbers.TryAdd(placeholder, next))
            {
                Numbers.Add(_texts[(int)(placeholder - FirstPlaceholder)], next++);
            }
        }

        return numbers;
    }

    /// <summary>Adds the numbers of texts that are not listed as ids, but are the name of a single category.</summary>
    /// <param name="numbers">The number of each placeholder.</param>
    /// <param name="categories">The categories, with numbers as ids.</param>
    /// <returns>Whether there are any.</returns>
    public bool ResolveNames(Dictionary<long, long> numbers, IEnumerable<CocoCategory> categories)
    {
        ILookup<string, long> byName = categories.Where(category => category is { Id: not null, Name: not null })
            .ToLookup(category => category.Name!, category => category.Id!.Value, StringComparer.Ordinal);
        bool any = false;
        for (int i = 0; i < _texts.Count; i++)
        {
            if (!numbers.ContainsKey(FirstPlaceholder + i) && byName[_texts[i]].Take(2).ToArray() is [long id])
            {
                numbers.Add(FirstPlaceholder + i, id);
                Numbers.TryAdd(_texts[i], id);
                any = true;
            }
        }

        return any;
    }
}
