using FocalSharp.Boxes;

namespace FocalSharp.Datasets.Linting;

/// <summary>Counts what a rule finds and keeps the first examples, so that a million findings cost no memory.</summary>
/// <param name="max">Examples to keep.</param>
public sealed class LintCollector(int max)
{
    private readonly List<LintExample> _examples = [];

    /// <summary>Places found so far.</summary>
    public int Count { get; private set; }

    /// <summary>The examples kept.</summary>
    public IReadOnlyList<LintExample> Examples => _examples;

    /// <summary>What was found, in a sentence; null takes the rule's own words.</summary>
    public string? Text { get; set; }

    /// <summary>Counts a place.</summary>
    public void Add(LintExample example)
    {
        Count++;
        if (_examples.Count < max)
        {
            _examples.Add(example);
        }
    }

    /// <summary>Counts an image.</summary>
    public void Add(DatasetImage image, string text) => Add(new LintExample(null, image.FileName, null, null, text));

    /// <summary>Counts a box.</summary>
    public void Add(DatasetImage image, int index, string text)
    {
        Box box = image.Objects[index].Box;
        Add(new LintExample(null, image.FileName, index, [box.X1, box.Y1, box.X2, box.Y2], text));
    }

    /// <summary>Counts something that belongs to no image, such as a class.</summary>
    public void Add(string text) => Add(new LintExample(null, null, null, null, text));

    /// <summary>Counts places of which no example is known.</summary>
    public void AddCount(int count) => Count += count;
}
