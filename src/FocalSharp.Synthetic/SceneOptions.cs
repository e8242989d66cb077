namespace FocalSharp.Synthetic;

/// <summary>
/// How demo scenes are drawn. Every default is a choice of this project, made so that a small net can learn the scenes in
/// minutes.
/// </summary>
public sealed record SceneOptions
{
    /// <summary>Side of the square image in pixels, 64 to 2048.</summary>
    public int ImageSize { get; init; } = 256;

    /// <summary>The seed; one seed gives one data set, bit for bit, on one machine.</summary>
    public long Seed { get; init; }

    /// <summary>Most objects that a scene may hold; their number is drawn uniformly from 1 to this.</summary>
    public int MaxObjects { get; init; } = 5;

    /// <summary>Shortest object, its longer side as a part of the image's side.</summary>
    public float MinObjectSize { get; init; } = 0.1f;

    /// <summary>Longest object, its longer side as a part of the image's side.</summary>
    public float MaxObjectSize { get; init; } = 0.5f;

    /// <summary>Most of an object's pixels that others in front of it may hide, 0 to 1; more is never drawn.</summary>
    public float MaxHiddenFraction { get; init; } = 0.12f;

    /// <summary>Share of objects that the image's border cuts.</summary>
    public float TruncatedFraction { get; init; } = 0.06f;

    /// <summary>Probabilities that 0, 1 or 2 of an object's sides are smeared.</summary>
    public IReadOnlyList<float> BlurredSideProbabilities { get; init; } = [0.25f, 0.45f, 0.3f];

    /// <summary>Shortest smear, as a part of the object's extent across the side.</summary>
    public float MinBlur { get; init; } = 0.2f;

    /// <summary>Longest smear, as a part of the object's extent across the side.</summary>
    public float MaxBlur { get; init; } = 0.4f;

    internal void Validate()
    {
        Require(ImageSize is >= 64 and <= 2048, nameof(ImageSize), ImageSize, "64 to 2048 pixels");
        Require(MaxObjects is >= 1 and <= 256, nameof(MaxObjects), MaxObjects, "1 to 256");
        Require(MinObjectSize is >= 0.01f and <= 1, nameof(MinObjectSize), MinObjectSize, "0.01 to 1");
        bool largest = MaxObjectSize >= MinObjectSize && MaxObjectSize <= 0.9f;
        Require(largest, nameof(MaxObjectSize), MaxObjectSize, "the smallest size to 0.9");
        Require(MaxHiddenFraction is >= 0 and <= 0.75f, nameof(MaxHiddenFraction), MaxHiddenFraction, "0 to 0.75");
        Require(TruncatedFraction is >= 0 and <= 1, nameof(TruncatedFraction), TruncatedFraction, "0 to 1");
        bool weights = BlurredSideProbabilities.Count is >= 1 and <= 5 && BlurredSideProbabilities.All(p => p >= 0) && BlurredSideProbabilities.Any(p => p > 0);
        Require(weights, nameof(BlurredSideProbabilities), $"[{string.Join(", ", BlurredSideProbabilities)}]", "one to five weights, not all 0");
        Require(MinBlur is >= 0 and <= 0.5f, nameof(MinBlur), MinBlur, "0 to 0.5");
        Require(MaxBlur >= MinBlur && MaxBlur <= 0.5f, nameof(MaxBlur), MaxBlur, "the shortest smear to 0.5");
    }

    private static void Require(bool condition, string name, object value, string range) =>
        OptionException.ThrowUnless(condition, $"demo scenes: {name} is {value}, but must be {range}.");
}
