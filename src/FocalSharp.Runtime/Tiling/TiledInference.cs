using System.Diagnostics;
using FocalSharp.Detections;
using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging;
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
}
