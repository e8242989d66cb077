namespace FocalSharp.Datasets.Linting;

/// <summary>Options of <see cref="DatasetCheck"/>: the rules, and the model settings that a data set is checked against.</summary>
public sealed record DatasetCheckOptions
{
    /// <summary>
    /// Gets the rules to run (default: <see cref="LintCatalog.Rules"/>). Add your own with <c>[.. LintCatalog.Rules, new MyRule()]</c>.
    /// </summary>
    public IReadOnlyList<LintRule> Rules { get; init; } = LintCatalog.Rules;

    /// <summary>
    /// Gets the side length in pixels of the square into which images are resized, preserving their aspect ratio (FocalSharp's recipes: 320).
    /// </summary>
    public int InputSize { get; init; } = 320;

    /// <summary>Gets the last bin n of each side's distribution, in strides (paper table 3b and official config: 16).</summary>
    public int RegMax { get; init; } = 16;

    /// <summary>Gets the strides of the levels in pixels, finest first (official: 8 to 128).</summary>
    public IReadOnlyList<int> Strides { get; init; } = [8, 16, 32, 64, 128];

    /// <summary>Gets the side length of the square anchor in strides (official octave base scale: 8).</summary>
    public int AnchorScale { get; init; } = 8;

    /// <summary>Gets the offset of a location within its cell, in strides: 0 (official) or 0.5 (NanoDet).</summary>
    public double CenterOffset { get; init; }

    /// <summary>Gets how images are resized; null (default) to fit them into a square of <see cref="InputSize"/>.</summary>
    internal InputFit? Fit { get; init; }

    /// <summary>Gets the batch size on which the recommended one is based (FocalSharp's recipes: 8).</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Gets the shorter side in pixels below which training skips an image (official <c>min_size</c>: 32).</summary>
    public int MinImageSize { get; init; } = 32;

    /// <summary>Gets the maximum number of examples per finding (default 20).</summary>
    public int MaxExamples { get; init; } = 20;

    /// <summary>Gets the fraction of boxes beyond the reach of the head that a recommended setting may have (default 0.005).</summary>
    public double MaxUnreachableFraction { get; init; } = 0.005;

    /// <summary>Gets whether to read the header of every image file and compare it with the data set (default false, because reading does so).</summary>
    public bool VerifyImages { get; init; }

    /// <summary>Returns the factors that convert an image's width and height to the input size.</summary>
    internal (double X, double Y) ScaleOf(int width, int height) => (Fit ?? new InputFit(InputSize, InputSize)).ScaleOf(width, height);

    /// <summary>Returns the width and height of an object at the input size.</summary>
    internal (double Width, double Height) SizeOf(DatasetImage image, ObjectAnnotation item)
    {
        (double x, double y) = ScaleOf(image.Width, image.Height);
        return (item.Box.Width * x, item.Box.Height * y);
    }
}
