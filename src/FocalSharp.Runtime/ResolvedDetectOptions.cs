using FocalSharp.Detections;
using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging.Resizing;

namespace FocalSharp.Runtime;

/// <summary>The options of a call with all values known.</summary>
/// <param name="options">The options of the call or the detector.</param>
/// <param name="model">The model's own values.</param>
internal sealed class ResolvedDetectOptions(DetectOptions options, PostprocessOptions model)
{
    private static readonly Tile[] NoTiles = [];

    /// <summary>Thresholds and limits of one inference.</summary>
    public PostprocessOptions Postprocess { get; } = options.ApplyTo(model);

    /// <summary>How images are cut into tiles; null if they are not.</summary>
    public TileOptions? Tiles { get; } = options.Tiles;

    /// <summary>Maximum detections of a tiled image; 0 for no limit.</summary>
    public int MaxTiledDetections { get; } = options.Tiles is { MaxDetections: > 0 } tiles ? tiles.MaxDetections : options.MaxDetections ?? 0;

    /// <summary>Returns the tiles of an image; at most one if it is not cut.</summary>
    public IReadOnlyList<Tile> GetTiles(int width, int height, ResizeRule rule) =>
        Tiles is null ? NoTiles : TileGrid.Create(width, height, Tiles, rule.NativeSide);
}
