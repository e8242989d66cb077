namespace FocalSharp.Serving.Models;

/// <summary>What a model says of itself.</summary>
public sealed record ModelDescription
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Class names in label order.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Limits of requests that name none.</summary>
    public required DetectionLimits Limits { get; init; }

    /// <summary>Licence of its weights; empty where none is stated.</summary>
    public string License { get; init; } = "";

    /// <summary>The training run that it came from; empty where none is stated.</summary>
    public string Run { get; init; } = "";
}
