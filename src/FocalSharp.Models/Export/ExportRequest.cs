using FocalSharp.Detections;
using FocalSharp.Imaging;

namespace FocalSharp.Models.Export;

/// <summary>Specifies an export to ONNX.</summary>
public sealed record ExportRequest
{
    /// <summary>Gets the file to write or replace.</summary>
    public required string Output { get; init; }

    /// <summary>Gets the outputs of the graph. Default: detections, with NMS in the graph.</summary>
    public ModelVariant Variant { get; init; }

    /// <summary>Gets whether the network is stored and computed in float16. Default false.</summary>
    public bool Half { get; init; }

    /// <summary>Gets the model's name; null (default) for the recipe's, else the weights file's.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the license of the weights; null (default) for what their file states, if anything.</summary>
    public string? License { get; init; }

    /// <summary>
    /// Gets the images that the exported file is verified on, beside random ones. Default: none, which uses drawn patterns. Images of the
    /// model's own domain verify it best.
    /// </summary>
    public IReadOnlyList<RgbImage> Images { get; init; } = [];
}
