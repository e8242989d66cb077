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
    public Dictionary<long, long>? Resolve(IEnumerable<long?> listed)
    {
        if (_texts.Count == 0)
        {
            return null;
        }

        long[] known = [.. listed.OfType<long>()];
        long next = Math.Clamp(known.Where(id => !IsText(id)).DefaultIfEmpty().Max(), 0, long.MaxValue / 2) + 1;
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
}
