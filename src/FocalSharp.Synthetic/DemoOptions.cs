namespace FocalSharp.Synthetic;

/// <summary>
/// What the demo data set holds. Defaults are this project's choice: enough for a small net to learn, drawn in seconds.
/// </summary>
public sealed record DemoOptions
{
    /// <summary>Number of training images, 1 to 999,999.</summary>
    public int TrainImages { get; init; } = 1600;

    /// <summary>Number of validation images, 1 to 999,999; their shapes and hues are held out from training.</summary>
    public int ValImages { get; init; } = 240;

    /// <summary>The seed of every picture; it stands in for the one in <see cref="Scenes"/>.</summary>
    public long Seed { get; init; }

    /// <summary>How the scenes are drawn.</summary>
    public SceneOptions Scenes { get; init; } = new();

    /// <summary>
    /// Quality of the JPEG files, 50 to 100: high, so that the codec's traces blur no edge that was drawn sharp.
    /// </summary>
    public int JpegQuality { get; init; } = 95;

    internal void Validate()
    {
        ValidateCount(nameof(TrainImages), TrainImages);
        ValidateCount(nameof(ValImages), ValImages);

        if (JpegQuality is < 50 or > 100)
        {
            throw new FocalSharpException($"demo data set: {nameof(JpegQuality)} is {JpegQuality}, but must be 50 to 100.");
        }
    }

    private static void ValidateCount(string name, int count)
    {
        if (count is < 1 or > 999_999)
        {
            throw new FocalSharpException($"demo data set: {name} is {count}, but must be 1 to 999999.");
        }
    }
}
