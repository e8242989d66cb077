namespace FocalSharp.Synthetic;

/// <summary>
/// Specifies how demo scenes are generated. The defaults are this project's choice: a small network learns the scenes in minutes.
/// </summary>
public sealed record SceneOptions
{
    /// <summary>Gets the side of the square image in pixels, 64 to 2048. Default 256.</summary>
    public int ImageSize { get; init; } = 256;

    /// <summary>Gets the seed. The same seed gives the same images, bit for bit, on one machine. Default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Gets the maximum number of objects, 1 to 256; the number is uniform from 1. Default 5.</summary>
    public int MaxObjects { get; init; } = 5;

    /// <summary>Gets the minimum size of an object: its longer side as a fraction of the image's side, 0.01 to 1. Default 0.1.</summary>
    public float MinObjectSize { get; init; } = 0.1f;

    /// <summary>Gets the maximum size of an object: its longer side as a fraction of the image's side, up to 0.9. Default 0.5.</summary>
    public float MaxObjectSize { get; init; } = 0.5f;

    /// <summary>Gets the maximum fraction of an object's pixels that objects in front of it hide, 0 to 0.75. Default 0.12.</summary>
    public float MaxHiddenFraction { get; init; } = 0.12f;

    /// <summary>Gets the fraction of objects that may be cut by the image border, 0 to 1. Default 0.06.</summary>
    public float TruncatedFraction { get; init; } = 0.06f;

    /// <summary>Gets the probabilities that 0, 1 or 2 of an object's sides are blurred. Default 0.25, 0.45, 0.3.</summary>
    public IReadOnlyList<float> BlurredSideProbabilities { get; init; } = [0.25f, 0.45f, 0.3f];

    /// <summary>Gets the minimum length of a blur as a fraction of the object's extent across the side. Default 0.2.</summary>
    public float MinBlur { get; init; } = 0.2f;

    /// <summary>Gets the maximum length of a blur as a fraction of the object's extent across the side, up to 0.5. Default 0.4.</summary>
    public float MaxBlur { get; init; } = 0.4f;

    internal void Validate()
    {
        Require(ImageSize is >= 64 and <= 2048, nameof(ImageSize), ImageSize, "64 to 2048 pixels");
        Require(MaxObjects is >= 1 and <= 256, nameof(MaxObjects), MaxObjects, "1 to 256");
        Require(MinObjectSize is >= 0.01f and <= 1, nameof(MinObjectSize), MinObjectSize, "0.01 to 1");
        bool largest = MaxObjectSize >= MinObjectSize && MaxObjectSize <= 0.9f;
        Require(largest, nameof(MaxObjectSize), MaxObjectSize, "MinObjectSize to 0.9");
        Require(MaxHiddenFraction is >= 0 and <= 0.75f, nameof(MaxHiddenFraction), MaxHiddenFraction, "0 to 0.75");
        Require(TruncatedFraction is >= 0 and <= 1, nameof(TruncatedFraction), TruncatedFraction, "0 to 1");
        bool weights = BlurredSideProbabilities.Count is >= 1 and <= 5 && BlurredSideProbabilities.All(p => p >= 0) && BlurredSideProbabilities.Any(p => p > 0);
        Require(weights, nameof(BlurredSideProbabilities), $"[{string.Join(", ", BlurredSideProbabilities)}]", "one to five weights, not all 0");
        Require(MinBlur is >= 0 and <= 0.5f, nameof(MinBlur), MinBlur, "0 to 0.5");
        Require(MaxBlur >= MinBlur && MaxBlur <= 0.5f, nameof(MaxBlur), MaxBlur, "MinBlur to 0.5");
    }

    private static void Require(bool condition, string name, object value, string range) =>
        OptionException.ThrowUnless(condition, $"Demo scenes: {name} is {value}; it must be {range}.");
}
