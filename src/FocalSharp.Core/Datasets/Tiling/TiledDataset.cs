using FocalSharp.Boxes;
using FocalSharp.Detections.Tiling;

namespace FocalSharp.Datasets.Tiling;

/// <summary>A data set whose large images are cut into overlapping tiles, each an image of its own with the objects in it.</summary>
internal sealed class TiledDataset
{
    private TiledDataset(DetectionDataset dataset, IReadOnlyList<Tile?> tiles, int absent) => (Dataset, Tiles, AbsentObjects) = (dataset, tiles, absent);

    /// <summary>
    /// Gets the tiles with their annotations. Their paths are those of the images they are cut from, whose tiles follow one another from top to
    /// bottom.
    /// </summary>
    public DetectionDataset Dataset { get; }

    /// <summary>Gets the part of its source image that each image of <see cref="Dataset"/> shows; null for an image that is not cut.</summary>
    public IReadOnlyList<Tile?> Tiles { get; }

    /// <summary>Gets the number of objects that no image shows by the required fraction.</summary>
    public int AbsentObjects { get; }

    /// <summary>Cuts the images that are larger than a tile.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="options">Size and overlap of the tiles; whether the whole images are kept, too.</param>
    /// <param name="minVisible">
    /// The fraction of an object's box, 0 to 1, that a tile must show for the object to belong to it; crowds belong to every tile that shows some of
    /// them.
    /// </param>
    /// <param name="dropEmpty">Whether tiles for training without any object are left out.</param>
    /// <exception cref="OptionException">An option is out of range, or an image has too many tiles.</exception>
    public static TiledDataset Create(DetectionDataset dataset, TileOptions options, double minVisible, bool dropEmpty)
    {
        List<DatasetImage> images = [];
        List<Tile?> tiles = [];
        int absent = 0;
        long objectId = 0;
        foreach (DatasetImage image in dataset.Images)
        {
            bool[] present = new bool[image.Objects.Count];
            IReadOnlyList<Tile> grid = TileGrid.Create(image.Width, image.Height, options);
            foreach (Tile tile in grid)
            {
                bool isWhole = tile.Width == image.Width && tile.Height == image.Height;
                List<ObjectAnnotation> objects = [];
                for (int i = 0; i < present.Length; i++)
                {
                    if (Cut(image.Objects[i], tile, minVisible) is { } part)
                    {
                        present[i] = true;
                        objects.Add(part with { Id = ++objectId });
                    }
                }

                if (!isWhole && dropEmpty && objects.Count == 0 && image.Split == DatasetSplit.Train)
                {
                    continue;
                }

                images.Add(image with
                {
                    Id = images.Count + 1,
                    FileName = isWhole ? image.FileName : GetName(image.FileName, tile),
                    Width = tile.Width,
                    Height = tile.Height,
                    Orientation = isWhole ? image.Orientation : 1,
                    Objects = objects,
                });
                tiles.Add(isWhole ? null : tile);
            }

            absent += present.Count(isPresent => !isPresent);
        }

        return new TiledDataset(dataset with { Images = images }, tiles, absent);
    }

    private static ObjectAnnotation? Cut(ObjectAnnotation item, Tile tile, double minVisible)
    {
        Box box = item.Box;
        Box part = new(
            Math.Max(box.X1, tile.X) - tile.X, Math.Max(box.Y1, tile.Y) - tile.Y, Math.Min(box.X2, tile.Right) - tile.X, Math.Min(box.Y2, tile.Bottom) - tile.Y);
        if (part.X2 <= part.X1 || part.Y2 <= part.Y1)
        {
            return null;
        }

        double visible = (double)(part.X2 - part.X1) * (part.Y2 - part.Y1) / ((double)(box.X2 - box.X1) * (box.Y2 - box.Y1));
        return !item.IsCrowd && visible < minVisible ? null : item with { Box = part, Area = item.Area * visible };
    }

    // Recompressed only where the source is compressed with loss, too.
    private static string GetName(string fileName, Tile tile)
    {
        string extension = Path.GetExtension(fileName).ToUpperInvariant() is ".JPG" or ".JPEG" or ".WEBP" or ".HEIC" or ".HEIF" or ".AVIF" ? ".jpg" : ".png";
        return $"{Path.ChangeExtension(fileName, null)}_{tile.X}_{tile.Y}{extension}";
    }
}
