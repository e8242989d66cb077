using FocalSharp.Imaging;
using FocalSharp.Torch.Onnx;

namespace FocalSharp.Models.Export;

/// <summary>What to write, and where to.</summary>
public sealed record ExportRequest
{
    /// <summary>The file to write or replace.</summary>
    public required string Output { get; init; }

    /// <summary>The outputs.</summary>
    public OnnxVariant Variant { get; init; }

    /// <summary>Whether the network is stored and computed in float16.</summary>
    public bool Half { get; init; }

    /// <summary>A name of the model; null: the recipe's, else the weights file's.</summary>
    public string? Name { get; init; }

    /// <summary>The licence of the weights; null: as their file says, if it does.</summary>
    public string? License { get; init; }

    /// <summary>Real pictures to check the file on; empty: drawn scenes.</summary>
    public IReadOnlyList<RgbImage> Images { get; init; } = [];
}
