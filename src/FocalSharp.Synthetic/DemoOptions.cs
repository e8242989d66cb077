namespace FocalSharp.Synthetic;

/// <summary>
/// Specifies the demo data set. The defaults are this project's choice: enough images for a small network, generated in seconds.
/// </summary>
public sealed record DemoOptions
{
    /// <summary>Gets the number of training images, 1 to 999,999. Default 1600.</summary>
    public int TrainImages { get; init; } = 1600;

    /// <summary>Gets the number of validation images, 1 to 999,999; their shapes and hues do not occur in training. Default 240.</summary>
    public int ValImages { get; init; } = 240;

    /// <summary>Gets the seed of all images; it replaces the one in <see cref="Scenes"/>. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Gets how the scenes are generated.</summary>
    public SceneOptions Scenes { get; init; } = new();

    /// <summary>
    /// Gets the quality of the JPEG files, 50 to 100. Default 95: sharp edges stay sharp.
    /// </summary>
    public int JpegQuality { get; init; } = 95;

    internal void Validate()
    {
        ValidateCount(nameof(TrainImages), TrainImages);
        ValidateCount(nameof(ValImages), ValImages);

        if (JpegQuality is < 50 or > 100)
        {
            throw new OptionException($"Demo data set: {nameof(JpegQuality)} is {JpegQuality}; it must be 50 to 100.") { OptionName = nameof(JpegQuality) };
        }
    }

    private static void ValidateCount(string name, int count)
    {
        if (count is < 1 or > 999_999)
        {
            throw new OptionException($"Demo data set: {name} is {count}; it must be 1 to 999999.") { OptionName = name };
        }
    }
}
