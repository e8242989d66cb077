using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Tiling;
using FocalSharp.Detections.Tiling;
using FocalSharp.Imaging.Codecs;

namespace FocalSharp.Cli.Conversion;

/// <summary>The options of <c>convert</c> that cut large images into tiles.</summary>
internal sealed class CutOptions
{
    // Less than half of an object is often not recognizable, and is whole in a neighboring tile unless it is larger than the overlap.
    private const double DefaultMinVisible = 0.5;

    private readonly Option<int?> _tiles = NumberOption.Create(
        "--tiles", "PIXELS", "Cut images into overlapping tiles of this side, to train on small objects in large images", TileOptions.MinSize, TileOptions.MaxSize);

    private readonly Option<double> _overlap = TilesOption.CreateOverlap();

    private readonly Option<double> _minVisible = NumberOption.Create(
        "--min-visible", "FRACTION", "With --tiles: fraction of a box that a tile must contain for the object to be labeled there", 0.01, 1, DefaultMinVisible);

    private readonly Option<bool> _dropEmpty = new("--drop-empty") { Description = "With --tiles: leave out training tiles without objects" };
    private readonly Option<bool> _wholeImages = new("--whole-images") { Description = "With --tiles: write the whole images, too, for objects larger than a tile" };
    private readonly Option<int?> _maxMegapixels = SharedOptions.MaxMegapixels();

    /// <summary>Gets the options.</summary>
    public IReadOnlyList<Option> All => [_tiles, _overlap, _minVisible, _dropEmpty, _wholeImages, _maxMegapixels];

    /// <summary>Returns the limits of the images to cut.</summary>
    public ImageDecodeOptions GetDecodeOptions(ParseResult parsed) => SharedOptions.GetDecodeOptions(parsed.GetValue(_maxMegapixels));

    /// <summary>Returns the data set in tiles; null if the images are not to be cut.</summary>
    /// <exception cref="OptionException">An option is given without <c>--tiles</c>, or an image has too many tiles.</exception>
    public TiledDataset? Cut(DetectionDataset dataset, ParseResult parsed)
    {
        if (parsed.GetValue(_tiles) is not { } size)
        {
            foreach (Option option in All.Where(option => parsed.GetResult(option) is { Implicit: false }))
            {
                throw new OptionException($"{option.Name} applies to tiles. Add --tiles PIXELS.") { OptionName = option.Name };
            }

            return null;
        }

        TileOptions options = new() { Size = size, Overlap = parsed.GetValue(_overlap), WholeImage = parsed.GetValue(_wholeImages) };
        return TiledDataset.Create(dataset, options, parsed.GetValue(_minVisible), parsed.GetValue(_dropEmpty));
    }
}
