using FocalSharp.Datasets.Linting;

namespace FocalSharp.Datasets.Reading;

/// <summary>
/// Counts, while boxes are read, how many of them fit their images under each interpretation of their numbers. Invalid boxes are dropped
/// after reading, so this cannot be determined later.
/// </summary>
/// <param name="declared">The interpretation that the format prescribes.</param>
/// <param name="oneBased">Whether the files count pixels from 1, the last one included.</param>
internal sealed class BoxLayoutStatistics(BoxLayoutHypothesis declared, bool oneBased)
{
    private const int MaxExamples = 20;

    private readonly int _offset = oneBased ? 1 : 0;
    private readonly int[] _fits = new int[BoxLayoutHypothesis.All.Length];
    private readonly List<LintExample> _misfits = [];
    private int _withinPixel;
    private bool _hasFraction;
    private readonly List<LintExample> _inverted = [];

    /// <summary>Gets the interpretation that the format prescribes.</summary>
    public BoxLayoutHypothesis Declared { get; } = declared;

    /// <summary>Gets the number of boxes with finite coordinates in images of known size.</summary>
    public int Boxes { get; private set; }

    /// <summary>Gets the number of boxes whose edges are in the wrong order.</summary>
    public int Inverted { get; private set; }

    public IReadOnlyList<LintExample> InvertedExamples => _inverted;

    public IReadOnlyList<LintExample> MisfitExamples => _misfits;

    /// <summary>Returns the number of boxes that fit their image under an interpretation.</summary>
    public int CountFits(BoxLayoutHypothesis reading) => _fits[Array.IndexOf(BoxLayoutHypothesis.All, reading)];

    /// <summary>Returns the interpretation that fits the largest number of boxes; at equal counts, the declared one.</summary>
    public (BoxLayoutHypothesis Reading, int Fits) FindBest()
    {
        BoxLayoutHypothesis best = BoxLayoutHypothesis.All.MaxBy(reading =>
            (CountFits(reading), reading == Declared ? 2 : reading.Layout == Declared.Layout ? 1 : 0, reading.YFirst ? 0 : 1));
        return (best, CountFits(best));
    }

    // Evaluated over the whole data set: a few invalid boxes do not indicate another layout.
    private const int MinBoxes = 10;
    private const double MinMisfitFraction = 0.05;
    private const double MaxRemainingFraction = 0.1;
    private const double MaxRemainingFractionOfAll = 0.02;

    /// <summary>Returns how the boxes contradict the declared layout, as a clause, or null if they do not.</summary>
    public string? FindContradiction()
    {
        int misfits = Boxes - CountFits(Declared);
        (BoxLayoutHypothesis best, int fits) = FindBest();
        int left = Boxes - fits;
        if (best == Declared || misfits == 0)
        {
            return null;
        }

        // Numbers from 0 to 1 are fractions. In a small set, the majority must be wrong, and all must fit in the other layout.
        bool contradicted = _withinPixel == Boxes && _hasFraction ? left == 0 && best.IsNormalized
            : Boxes < MinBoxes ? 2 * misfits > Boxes && left == 0 && best.IsNormalized == Declared.IsNormalized && !best.YFirst
            : misfits >= MinMisfitFraction * Boxes && left <= MaxRemainingFraction * misfits && (left <= MaxRemainingFractionOfAll * Boxes || 2 * misfits > Boxes);
        return contradicted ? $"{misfits} of {Boxes} boxes do not fit as {Declared}; as {best}, all but {left} do" : null;
    }

    /// <summary>Counts a box, after converting its coordinates back to the numbers in the file.</summary>
    public void Add(in RawBox box, bool normalized, ImageSize size, string file, string image)
    {
        (double a, double b, double c, double d) = Declared.Layout switch
        {
            BoxLayout.CornerAndSize => (box.X1, box.Y1, box.X2 - box.X1, box.Y2 - box.Y1),
            BoxLayout.Corners => (box.X1 + _offset, box.Y1 + _offset, box.X2, box.Y2),
            _ => ((box.X1 + box.X2) / 2, (box.Y1 + box.Y2) / 2, box.X2 - box.X1, box.Y2 - box.Y1),
        };
        if (!double.IsFinite(a + b + c + d) || normalized != Declared.IsNormalized)
        {
            return;
        }

        Boxes++;
        double largest = Math.Max(Math.Max(a, b), Math.Max(c, d));
        if (!normalized && largest is > 0 and <= 1 && Math.Min(Math.Min(a, b), Math.Min(c, d)) >= 0)
        {
            _withinPixel++;
            _hasFraction |= !(double.IsInteger(a) && double.IsInteger(b) && double.IsInteger(c) && double.IsInteger(d));
        }

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
                $"the file states [{a:0.####}, {b:0.####}, {c:0.####}, {d:0.####}] in an image of {size}");
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
