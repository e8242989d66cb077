namespace FocalSharp.Models.Catalog;

/// <summary>
/// How long published models take on one machine, as <c>eng/models</c> measures it: from a 640x480 JPEG in memory to boxes with ONNX Runtime, median.
/// docs/models.md contains its whole output.
/// </summary>
internal static class ModelTimings
{
    /// <summary>The machine.</summary>
    public const string Machine = "two cores of an AMD EPYC";

    private static readonly Dictionary<string, double> Milliseconds = new(StringComparer.Ordinal)
    {
        ["nanodet-g-coco"] = 40.8,
        ["nanodet-plus-m-320-coco"] = 17.6,
        ["nanodet-plus-m-416-coco"] = 27.7,
        ["nanodet-plus-m-1.5x-320-coco"] = 28.8,
        ["nanodet-plus-m-1.5x-416-coco"] = 38.4,
        ["picodet-s-320-coco"] = 16.4,
        ["picodet-s-416-coco"] = 36.1,
        ["picodet-xs-416-coco"] = 30.9,
    };

    /// <summary>Returns the milliseconds of a model; null if it was not measured.</summary>
    /// <param name="name">The model's name.</param>
    public static double? Find(string name) => Milliseconds.TryGetValue(name, out double milliseconds) ? milliseconds : null;
}
