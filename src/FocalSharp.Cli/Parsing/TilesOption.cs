using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FocalSharp.Detections.Tiling;

namespace FocalSharp.Cli.Parsing;

/// <summary><c>--tiles [PIXELS]</c>, <c>--overlap FRACTION</c> and <c>--tiles-only</c>: detection in overlapping tiles of large images.</summary>
internal sealed class TilesOption
{
    private const double MaxOverlap = 0.75;

    /// <summary>Gets the side of a tile in pixels; 0 for the model's input size, null for no tiling.</summary>
    public Option<int?> Tiles { get; } = new("--tiles")
    {
        HelpName = "PIXELS",
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Detect in overlapping tiles of this side, for small objects in large images [without a number: the model's input size]",
        CustomParser = Parse,
    };

    /// <summary>Gets the overlap of neighboring tiles as a fraction of a tile.</summary>
    public Option<double> Overlap { get; } = CreateOverlap();

    /// <summary>Gets whether the whole image is left out.</summary>
    public Option<bool> TilesOnly { get; } = new("--tiles-only")
    {
        Description = "With --tiles: do not detect in the whole resized image, too; for models trained on tiles of this side",
    };

    /// <summary>Creates <c>--overlap</c>.</summary>
    public static Option<double> CreateOverlap() => NumberOption.Create(
        "--overlap", "FRACTION", "Minimum overlap of neighboring tiles as a fraction of a tile", 0, MaxOverlap, new TileOptions().Overlap);

    /// <summary>Returns the tiling, or null if images are not cut.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="maxDetections">Maximum detections of an image; null for no limit beyond that of each tile.</param>
    /// <exception cref="OptionException">The tile size is out of range, or an option is given without <c>--tiles</c>.</exception>
    public TileOptions? GetOptions(ParseResult parsed, int? maxDetections = null)
    {
        if (parsed.GetResult(Tiles) is null)
        {
            foreach (Option option in new Option[] { Overlap, TilesOnly }.Where(option => parsed.GetResult(option) is { Implicit: false }))
            {
                throw new OptionException($"{option.Name} applies to tiles. Add --tiles.") { OptionName = option.Name };
            }

            return null;
        }

        TileOptions options = new()
        {
            Size = parsed.GetValue(Tiles) ?? 0,
            Overlap = parsed.GetValue(Overlap),
            WholeImage = !parsed.GetValue(TilesOnly),
            MaxDetections = maxDetections ?? 0,
        };
        options.Validate();
        return options;
    }

    private static int? Parse(ArgumentResult result)
    {
        if (result.Tokens is not [Token token])
        {
            return 0;
        }

        if (int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int side) && side > 0)
        {
            return side;
        }

        result.AddError($"--tiles takes a number of pixels or no value, not '{token.Value}'. Put --tiles after the images.");
        return null;
    }
}
