namespace FocalSharp.Cli.Verbs;

/// <summary>What the command line asks of <c>train</c>; null where the recipe decides.</summary>
internal sealed record TrainRequest
{
    /// <summary>The data set's path, or <c>demo</c>.</summary>
    public required string Data { get; init; }

    /// <summary>A built-in recipe's name or a recipe file.</summary>
    public string? Recipe { get; init; }

    /// <summary>The run's folder; null: the next free one under <c>runs/</c>.</summary>
    public string? Out { get; init; }

    /// <summary>Weights to start from: a file, a run's folder or a published model's name.</summary>
    public string? Weights { get; init; }

    /// <summary>Number of passes over the training images.</summary>
    public int? Epochs { get; init; }

    /// <summary>Input side in pixels.</summary>
    public int? Size { get; init; }

    /// <summary>Images per step.</summary>
    public int? Batch { get; init; }

    /// <summary>Seed of everything random.</summary>
    public int? Seed { get; init; }

    /// <summary><c>auto</c>, <c>float32</c> or <c>bf16</c>.</summary>
    public string? Precision { get; init; }

    /// <summary>Device as TorchSharp names it.</summary>
    public string? Device { get; init; }

    /// <summary>Recipe overrides, <c>key=value</c>, in the order given.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary>The command line as typed, for the run's records.</summary>
    public required string CommandLine { get; init; }
}
