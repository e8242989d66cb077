using System.Diagnostics;
using FocalSharp.Detections;
using FocalSharp.Imaging;
using FocalSharp.Runtime.Models;
using FocalSharp.Runtime.Sessions;
using FocalSharp.Tiling;

namespace FocalSharp.Runtime.Tiling;

/// <summary>
/// A large image through the network tile by tile: each is resized from the image's own pixels into the one input, so that the network's
/// memory does not grow with the image.
/// </summary>
internal static class TiledRun
{
    public static Detection[] Detect(
        Lane lane, PixelView pixels, IReadOnlyList<Tile> tiles, Wishes wishes, ModelInfo model, CancellationToken cancellation)
    {
        TileMerge merge = new(pixels.Width, pixels.Height, wishes.MaxOfTiles);
        foreach (Tile tile in tiles)
        {
            PixelView part = pixels.Crop(tile.X, tile.Y, tile.Width, tile.Height);
            merge.Add(tile, lane.Detect(part, wishes.Limits, model, Stopwatch.GetTimestamp(), cancellation));
        }

        return merge.Finish(wishes.Limits);
    }
}
