namespace FocalSharp.Datasets.Linting;

/// <summary>The model that a data set is checked against.</summary>
public sealed record DatasetCheckOptions
{
    /// <summary>
    /// Side in pixels of the square that images are fitted into, keeping their shape (FocalSharp's recipes: 320).
    /// </summary>
    public int InputSize { get; init; } = 320;

    /// <summary>Highest bin n of each side's distribution, in strides (paper table 3b, official config: 16).</summary>
    public int RegMax { get; init; } = 16;

    /// <summary>Strides of the levels in pixels, finest first (official: 8 to 128).</summary>
    public IReadOnlyList<int> Strides { get; init; } = [8, 16, 32, 64, 128];

    /// <summary>Side of the square anchor in strides (official octave base scale: 8).</summary>
    public int AnchorScale { get; init; } = 8;

    /// <summary>Place of a location within its cell, in strides: 0 (official) or 0.5 (NanoDet).</summary>
    public double CenterOffset { get; init; }

    /// <summary>How images are resized; null fits them into the square of <see cref="InputSize"/>.</summary>
    public InputFit? Fit { get; init; }

    /// <summary>Images of a batch, which the recommended one goes by (FocalSharp's recipes: 8).</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Training leaves images with a shorter side out (official <c>min_size</c>: 32).</summary>
    public int MinImageSize { get; init; } = 32;

    /// <summary>Examples that each finding keeps (20).</summary>
    public int MaxExamples { get; init; } = 20;

    /// <summary>Share of boxes beyond reach that a setting may have (0.005).</summary>
    public double MaxUnreachableFraction { get; init; } = 0.005;

    /// <summary>Open every image file and compare its header with the data set (default false: reading has done so).</summary>
    public bool VerifyImages { get; init; }

    /// <summary>Factors by which an image's width and height become the input's.</summary>
    internal (double X, double Y) ScaleOf(int width, int height) => (Fit ?? new InputFit(InputSize, InputSize)).ScaleOf(width, height);

    /// <summary>An object's width and height at the input size.</summary>
    internal (double Width, double Height) SizeOf(DatasetImage image, ObjectAnnotation item)
    {
        (double x, double y) = ScaleOf(image.Width, image.Height);
        return (item.Box.Width * x, item.Box.Height * y);
    }
}
