using System.Globalization;

namespace FocalSharp.Checkpoints;

/// <summary>The metadata of weights that state how images are resized for the network.</summary>
internal static class ResizeMetadata
{
    /// <summary>The key of the mode.</summary>
    public const string ModeKey = "resize_mode";

    /// <summary>The mode that stretches images to the size.</summary>
    public const string StretchValue = "stretch";

    /// <summary>The mode that stretches images by a warp without half-pixel centers.</summary>
    public const string WarpValue = "warp";

    /// <summary>The mode that stretches images by bicubic interpolation.</summary>
    public const string StretchBicubicValue = "stretch_bicubic";

    /// <summary>The mode that retains the aspect ratio.</summary>
    public const string KeepRatioValue = "keep_ratio";

    /// <summary>The key of the longer side.</summary>
    public const string LongSideKey = "resize_long_side";

    /// <summary>The key of the shorter side.</summary>
    public const string ShortSideKey = "resize_short_side";

    /// <summary>The key that says whether samples of more than 8 bits are stretched.</summary>
    public const string StretchRangeKey = "stretch_range";

    /// <summary>Returns the metadata that state the rule.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Select(IEnumerable<KeyValuePair<string, string>> metadata) =>
        metadata.Where(pair => pair.Key.StartsWith("resize_", StringComparison.Ordinal) || pair.Key == StretchRangeKey);

    /// <summary>Returns the metadata of a rule that retains the aspect ratio.</summary>
    public static IEnumerable<KeyValuePair<string, string>> CreateKeepRatio(long longSide, long shortSide) =>
    [
        new(ModeKey, KeepRatioValue),
        new(LongSideKey, longSide.ToString(CultureInfo.InvariantCulture)),
        new(ShortSideKey, shortSide.ToString(CultureInfo.InvariantCulture)),
    ];
}
