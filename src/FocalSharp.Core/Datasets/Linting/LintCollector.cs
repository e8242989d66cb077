using FocalSharp.Boxes;

namespace FocalSharp.Datasets.Linting;

/// <summary>Counts the places that a rule finds, and retains the first examples.</summary>
public sealed class LintCollector
{
    private readonly List<LintExample> _examples = [];
    private readonly int _max;

    internal LintCollector(int max) => _max = max;

    /// <summary>Gets the number of places found so far.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the retained examples.</summary>
    public IReadOnlyList<LintExample> Examples => _examples;

    /// <summary>Gets or sets what was found, as a clause; null for the description of the rule.</summary>
    public string? Text { get; set; }

    /// <summary>Counts a place.</summary>
    /// <param name="example">The place.</param>
    public void Add(LintExample example)
    {
        Count++;
        if (_examples.Count < _max)
        {
            _examples.Add(example);
        }
    }

    /// <summary>Counts an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="text">What is wrong with it.</param>
    public void Add(DatasetImage image, string text) => Add(new LintExample(null, image.FileName, null, null, text));

    /// <summary>Counts a box.</summary>
    /// <param name="image">The image.</param>
    /// <param name="index">The position of the object in its image, from 0.</param>
    /// <param name="text">What is wrong with it.</param>
    public void Add(DatasetImage image, int index, string text)
    {
        Box box = image.Objects[index].Box;
        Add(new LintExample(null, image.FileName, index, [box.X1, box.Y1, box.X2, box.Y2], text));
    }

    /// <summary>Counts something without an image, such as a class.</summary>
    /// <param name="text">What is wrong with it.</param>
    public void Add(string text) => Add(new LintExample(null, null, null, null, text));

    /// <summary>Counts places without adding examples.</summary>
    /// <param name="count">The number of places.</param>
    public void AddCount(int count) => Count += count;
}
