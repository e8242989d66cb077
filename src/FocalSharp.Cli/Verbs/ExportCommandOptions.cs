using FocalSharp.Models.Export;

namespace FocalSharp.Cli.Verbs;

/// <summary>What the command line asks of <c>export</c>.</summary>
internal sealed record ExportCommandOptions
{
    /// <summary>A run's folder or a weights file.</summary>
    public required string Model { get; init; }

    /// <summary>The file to write; null: beside the weights.</summary>
    public string? Out { get; init; }

    /// <summary>Side of the network's input; null: as trained.</summary>
    public int? Size { get; init; }

    /// <summary>The head's logits as outputs.</summary>
    public bool Raw { get; init; }

    /// <summary>All boxes and scores as outputs.</summary>
    public bool NoNms { get; init; }

    /// <summary>float16.</summary>
    public bool Half { get; init; }

    /// <summary>The data set of an 8-bit export; null for other exports.</summary>
    public string? Calibrate { get; init; }

    /// <summary>How the ranges of an 8-bit export are chosen.</summary>
    public CalibrationMethod Method { get; init; }

    /// <summary>Images to check the file on.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];

    /// <summary>The model's name in the file.</summary>
    public string? Name { get; init; }

    /// <summary>The weights' licence in the file.</summary>
    public string? License { get; init; }

    /// <summary>Where the numbers go as JSON; <c>-</c> is stdout.</summary>
    public string? Json { get; init; }
}
