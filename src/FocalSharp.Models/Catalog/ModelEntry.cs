namespace FocalSharp.Models.Catalog;

/// <summary>A published model that can be downloaded by name.</summary>
public sealed record ModelEntry
{
    internal ModelEntry(ModelSource source) => Source = source;

    /// <summary>Gets the name: lower-case letters, digits, dots and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>Gets a description in one line.</summary>
    public required string Summary { get; init; }

    /// <summary>
    /// Gets whether the model is a complete detector. Otherwise it has the layers of a classifier, and is only a starting point for training a detector.
    /// </summary>
    public required bool IsDetector { get; init; }

    /// <summary>Gets the licenses in one line, with their holders.</summary>
    public required string License { get; init; }

    /// <summary>Gets the notice that the licenses require; it is stored beside the weights.</summary>
    public required string Notice { get; init; }

    /// <summary>Gets the metric that its publishers report, with the data set: <c>AP 40.2, COCO val2017</c>.</summary>
    public required string PublishedScore { get; init; }

    /// <summary>The published AP on COCO val2017, in percent, and the size of the network; null for backbones.</summary>
    internal ModelFigures? Figures { get; init; }

    /// <summary>The source of its files.</summary>
    internal ModelSource Source { get; init; }

    /// <summary>The recipe that training from these weights needs; null for any.</summary>
    internal string? Recipe { get; init; }

    /// <summary>The recipe keys that training from these weights changes, as <c>key=value</c>.</summary>
    internal IReadOnlyList<string> RecipeChanges { get; init; } = [];

    /// <summary>Gets the name of the weights file in the cache.</summary>
    internal string FileName => (Conversion, Source) switch
    {
        (ModelConversion.None, HttpModelSource web) => web.FileName,
        (ModelConversion.None, NpmModelSource { Files: [PackageEntry only] }) => only.Name,
        _ => Name + ".safetensors",
    };

    /// <summary>The conversion of the downloaded files.</summary>
    internal ModelConversion Conversion { get; init; }
}
