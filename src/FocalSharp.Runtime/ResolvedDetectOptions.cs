using FocalSharp.Detections;
using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Runtime;

/// <summary>What a call asks for, with every gap filled.</summary>
/// <param name="options">What is asked for.</param>
/// <param name="model">The model's own values.</param>
internal sealed class ResolvedDetectOptions(DetectOptions options, PostprocessOptions model)
{
    private static readonly Tile[] NoTiles = [];

    /// <summary>Thresholds and limits of one run.</summary>
    public PostprocessOptions Postprocess { get; } = options.ApplyTo(model);

    /// <summary>How images are cut; null where they are not.</summary>
    public TileOptions? Tiles { get; } = options.Tiles;

    /// <summary>Most detections of an image in tiles; 0 for no limit.</summary>
    public int MaxTiledDetections { get; } = options.Tiles is { MaxDetections: > 0 } tiles ? tiles.MaxDetections : options.MaxDetections ?? 0;

    /// <summary>The tiles of an image; at most one where it is not cut.</summary>
    public IReadOnlyList<Tile> GetTiles(int width, int height, ResizeRule rule) =>
        Tiles is null ? NoTiles : TileGrid.Create(width, height, Tiles, rule.NativeSide);
}
