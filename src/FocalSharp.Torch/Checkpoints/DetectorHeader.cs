using FocalSharp.Torch.Detectors;

namespace FocalSharp.Torch.Checkpoints;

/// <summary>
/// What a FocalSharp model file says of itself in its safetensors metadata, as JSON under <see cref="MetadataKey"/>.
/// </summary>
internal sealed record DetectorHeader
{
    public const string MetadataKey = "focalsharp";

    /// <summary>Raised whenever an older reader would misunderstand the file.</summary>
    public const int CurrentFormat = 1;

    public required int Format { get; init; }

    /// <summary>The library that wrote the file.</summary>
    public required string Library { get; init; }

    /// <summary>What the weights fit, class names included.</summary>
    public required DetectorOptions Options { get; init; }
}
