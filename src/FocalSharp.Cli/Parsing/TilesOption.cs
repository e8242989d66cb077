using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using FocalSharp.Detections.Tiling;

namespace FocalSharp.Cli.Parsing;

/// <summary><c>--tiles [PIXELS]</c> and <c>--overlap PART</c>, as verbs that look at images have them.</summary>
internal sealed class TilesOption
{
    /// <summary>Side of a tile; 0 for the model's, null for no tiles.</summary>
    public Option<int?> Tiles { get; } = new("--tiles")
    {
        HelpName = "PIXELS",
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Look at large images in overlapping tiles of this side, for small objects [without a number: the model's input]",
        CustomParser = Parse,
    };

    /// <summary>Overlap of neighbours.</summary>
    public Option<double> Overlap { get; } = new("--overlap")
    {
        HelpName = "PART",
        Description = "Least overlap of neighbouring tiles, 0 to 0.75 of a tile",
        DefaultValueFactory = _ => new TileOptions().Overlap,
    };

    /// <summary>What was asked for; null where images are to be seen whole.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="max">Most detections of an image; null for no limit but each tile's.</param>
    public TileOptions? GetOptions(ParseResult parsed, int? max = null)
    {
        if (parsed.GetResult(Tiles) is null)
        {
            return null;
        }

        TileOptions options = new() { Size = parsed.GetValue(Tiles) ?? 0, Overlap = parsed.GetValue(Overlap), MaxDetections = max ?? 0 };
        options.Validate();
        return options;
    }

    private static int? Parse(ArgumentResult result)
    {
        if (result.Tokens.Count == 0)
        {
            return 0;
        }

        if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int side))
        {
            return side;
        }

        result.AddError($"--tiles takes a number of pixels, or nothing, not '{result.Tokens[0].Value}'. Put --tiles after the images.");
        return null;
    }
}
