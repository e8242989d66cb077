using FocalSharp.Datasets.Tiling;
using FocalSharp.Datasets.Writing;
using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging;
using FocalSharp.Imaging.Codecs;
using FocalSharp.Imaging.Codecs.Rows;
using FocalSharp.IO;
using FocalSharp.Runtime;
using FocalSharp.Runtime.Tiling;

namespace FocalSharp.Cli.Conversion;

/// <summary>Cuts the tiles of a data set out of its images.</summary>
internal static class TileImages
{
    // Nearly lossless: what is cut from JPEG is compressed a second time.
    private const int JpegQuality = 95;

    /// <summary>Writes the tiles, and copies the images that are not cut. Large images are read by rows.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="images">Its images with their names.</param>
    /// <param name="folder">The folder to write to.</param>
    /// <param name="options">Limits.</param>
    /// <param name="progress">Receives the number of tiles written.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    /// <returns>The number of image files written.</returns>
    /// <exception cref="ImageException">An image that is cut cannot be read.</exception>
    /// <exception cref="FileException">An image that is copied cannot be read, or the folder cannot be written to.</exception>
    public static int WriteAll(
        TiledDataset dataset, IReadOnlyList<OutputImage> images, string folder, ImageDecodeOptions options, IProgress<int> progress, CancellationToken cancellationToken)
    {
        AtomicBatch batch = new();
        int copied = ImageCopy.CopyAll([.. images.Where((_, i) => dataset.Tiles[i] is null)], folder);
        (OutputImage Output, Tile Tile)[] cut =
            [.. images.Zip(dataset.Tiles, (output, tile) => (output, tile)).Where(one => one.tile is not null).Select(one => (one.output, one.tile!.Value))];
        int written = 0;
        foreach (IGrouping<string, (OutputImage Output, Tile Tile)> source in cut.GroupBy(one => one.Output.Source.Path))
        {
            ImageSource image = ImageSource.FromFile(source.Key);
            using RowReader? rows = image.TryOpenRows(options);
            using TileBand? band = rows is null ? null : new TileBand(rows, source.Max(one => one.Tile.Height), source.Key);
            RgbImage? whole = rows is null ? ImageDecoder.Decode(source.Key, options) : null;
            foreach ((OutputImage output, Tile tile) in source)
            {
                cancellationToken.ThrowIfCancellationRequested();
                RgbImage part = (whole is null ? band!.Read(tile) : whole.View.Crop(tile.X, tile.Y, tile.Width, tile.Height)).ToImage();
                batch.Write(Path.Combine(folder, output.RelativePath), stream => Save(part, output.Name, stream));
                progress.Report(++written);
            }
        }

        batch.Flush();
        return copied + written;
    }

    private static void Save(RgbImage image, string name, Stream stream)
    {
        if (Path.GetExtension(name) == ".png")
        {
            ImageEncoder.SavePng(image, stream);
        }
        else
        {
            ImageEncoder.SaveJpeg(image, stream, JpegQuality);
        }
    }
}
