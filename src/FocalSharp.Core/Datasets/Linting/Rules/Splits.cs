using FocalSharp.Datasets.Reading;

namespace FocalSharp.Datasets.Linting.Rules;

/// <summary>Words about splits.</summary>
internal static class Splits
{
    /// <summary>The split of an image, by name.</summary>
    public static string Name(DatasetImage image) => SplitNames.Of(image.Split);
}
