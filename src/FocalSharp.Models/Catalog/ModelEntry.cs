namespace FocalSharp.Models.Catalog;

/// <summary>A published model that can be fetched by name.</summary>
public sealed record ModelEntry
{
    /// <summary>What <c>--weights</c> takes: lower-case letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in one line.</summary>
    public required string Summary { get; init; }

    /// <summary>What it can be used for.</summary>
    public required ModelKind Kind { get; init; }

    /// <summary>Where its files are.</summary>
    public required ModelSource Source { get; init; }

    /// <summary>What is done with the files once.</summary>
    public ModelConversion Conversion { get; init; }

    /// <summary>The licences in one line, with whose they are.</summary>
    public required string License { get; init; }

    /// <summary>The notice that the licences ask to be kept; it lies beside the weights.</summary>
    public required string Notice { get; init; }

    /// <summary>What its publishers measured, with the data: <c>AP 40.2, COCO val2017</c>.</summary>
    public required string PublishedScore { get; init; }

    /// <summary>Options that <c>train</c> needs beside <c>--weights</c> so that the layers fit; may be empty.</summary>
    public string TrainOptions { get; init; } = "";

    /// <summary>Name of the weights file in the cache.</summary>
    public string FileName => (Conversion, Source) switch
    {
        (ModelConversion.None, HttpModelSource web) => web.FileName,
        (ModelConversion.None, NpmModelSource { Files: [PackageEntry only] }) => only.Name,
        _ => Name + ".safetensors",
    };
}
