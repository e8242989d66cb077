using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Linting;

namespace FocalSharp.Datasets.Reading;

/// <summary>
/// Counts, while boxes are read, in which other ways their numbers would fit their images as well: boxes that cannot be used are gone
/// afterwards, and with them what would tell why. It costs a few counters, however many boxes there are.
/// </summary>
internal sealed class BoxLayoutStatistics(DatasetFormat format)
{
    private const int MaxExamples = 20;

    private readonly int[] _fits = new int[BoxLayoutHypothesis.All.Length];
    private readonly List<LintExample> _misfits = [];
    private readonly List<LintExample> _inverted = [];

    /// <summary>The way that the format prescribes.</summary>
    public BoxLayoutHypothesis Declared { get; } = BoxLayoutHypothesis.ForFormat(format);

    /// <summary>Boxes of finite numbers in images of known size.</summary>
    public int Boxes { get; private set; }

    /// <summary>Boxes whose edges come in the wrong order.</summary>
    public int Inverted { get; private set; }

    public IReadOnlyList<LintExample> InvertedExamples => _inverted;

    public IReadOnlyList<LintExample> MisfitExamples => _misfits;

    /// <summary>Boxes that fit their image when read so.</summary>
    public int CountFits(BoxLayoutHypothesis reading) => _fits[Array.IndexOf(BoxLayoutHypothesis.All, reading)];

    /// <summary>The way in which most boxes fit; the format's own of equals.</summary>
    public (BoxLayoutHypothesis Reading, int Fits) FindBest()
    {
        BoxLayoutHypothesis best = BoxLayoutHypothesis.All.MaxBy(reading => (CountFits(reading), reading == Declared ? 1 : 0, reading.YFirst ? 0 : 1));
        return (best, CountFits(best));
    }

    /// <summary>Takes a box in, its numbers turned back into the file's.</summary>
    public void Add(in RawBox box, bool normalized, ImageSize size, string file, string image)
    {
        (double a, double b, double c, double d) = Declared.Layout switch
        {
            BoxLayout.CornerAndSize => (box.X1, box.Y1, box.X2 - box.X1, box.Y2 - box.Y1),
            BoxLayout.Corners => (box.X1 + 1, box.Y1 + 1, box.X2, box.Y2), // VOC counts from 1, corners included
            _ => ((box.X1 + box.X2) / 2, (box.Y1 + box.Y2) / 2, box.X2 - box.X1, box.Y2 - box.Y1),
        };
        if (!double.IsFinite(a + b + c + d) || normalized != Declared.IsNormalized)
        {
            return;
        }

        Boxes++;
        for (int i = 0; i < _fits.Length; i++)
        {
            _fits[i] += BoxLayoutHypothesis.All[i].Fits(a, b, c, d, size.Width, size.Height) ? 1 : 0;
        }

        bool fits = Declared.Fits(a, b, c, d, size.Width, size.Height);
        bool inverted = box.X2 < box.X1 || box.Y2 < box.Y1;
        Inverted += inverted ? 1 : 0;
        if ((!fits && _misfits.Count < MaxExamples) || (inverted && _inverted.Count < MaxExamples))
        {
            LintExample example = new(file, image, box.Position, [(float)box.X1, (float)box.Y1, (float)box.X2, (float)box.Y2],
                $"the file says [{a:0.####}, {b:0.####}, {c:0.####}, {d:0.####}] in an image of {size}");
            AddExample(_misfits, example, !fits);
            AddExample(_inverted, example, inverted);
        }
    }

    private static void AddExample(List<LintExample> list, LintExample example, bool applies)
    {
        if (applies && list.Count < MaxExamples)
        {
            list.Add(example);
        }
    }
}
