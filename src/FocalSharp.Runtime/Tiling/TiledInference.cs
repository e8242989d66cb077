using System.Diagnostics;
using FocalSharp.Detections;
using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs.Rows;
using FocalSharp.Runtime.Sessions;

namespace FocalSharp.Runtime.Tiling;

/// <summary>
/// Runs a large image tile by tile. Each tile is resized from the image's own pixels into one input, so that the network's memory does not
/// grow with the image.
/// </summary>
internal static class TiledInference
{
    public static Detection[] Detect(
        InferenceContext context, PixelView pixels, IReadOnlyList<Tile> tiles, ResolvedDetectOptions resolved, ModelInfo model, CancellationToken cancellationToken)
    {
        TileMerge merge = new(pixels.Width, pixels.Height, resolved.MaxTiledDetections);
        foreach (Tile tile in tiles)
        {
            PixelView part = pixels.Crop(tile.X, tile.Y, tile.Width, tile.Height);
            merge.Add(tile, context.Detect(part, resolved.Postprocess, model, Stopwatch.GetTimestamp(), cancellationToken));
        }

        return merge.Finish(resolved.Postprocess);
    }

    /// <summary>Runs an image that is read by rows.</summary>
    /// <param name="context">The network.</param>
    /// <param name="rows">The image.</param>
    /// <param name="resolved">Thresholds and limits.</param>
    /// <param name="model">The model.</param>
    /// <param name="name">The image's name in error messages.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static Detection[] Detect(
        InferenceContext context,
        RowReader rows,
        ResolvedDetectOptions resolved,
        ModelInfo model,
        string name,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<Tile> tiles = resolved.GetTiles(rows.Size.Width, rows.Size.Height, model.Resize);
        if (tiles.Count <= 1)
        {
            using PreparedImage whole = TileReader.PrepareWhole(rows, model.Resize, name);
            return context.Detect(whole, resolved.Postprocess, cancellationToken);
        }

        TileMerge merge = new(rows.Size.Width, rows.Size.Height, resolved.MaxTiledDetections);
        using TileReader reader = new(rows, tiles, model.Resize, name);
        foreach (Tile tile in tiles)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using PreparedImage part = reader.Prepare(tile);
            merge.Add(tile, context.Detect(part, resolved.Postprocess, cancellationToken));
        }

        return merge.Finish(resolved.Postprocess);
    }
}
