namespace FocalSharp.Cli.Verbs;

/// <summary>What the command line asks of <c>train</c>; null where the recipe decides.</summary>
internal sealed record TrainRequest
{
    /// <summary>The data set's path, or <c>demo</c>; null where a run is resumed on its own data.</summary>
    public string? Data { get; init; }

    /// <summary>Whether a run is resumed.</summary>
    public bool IsResume { get; init; }

    /// <summary>The run to resume; null: the newest.</summary>
    public string? Resume { get; init; }

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

    /// <summary>Images per step, or <c>auto</c>.</summary>
    public string? Batch { get; init; }

    /// <summary>Minutes that the run may take.</summary>
    public double? Minutes { get; init; }

    /// <summary>Judgements without a better AP after which the run ends.</summary>
    public int? Patience { get; init; }

    /// <summary>Threads that prepare batches.</summary>
    public int? Workers { get; init; }

    /// <summary><c>skip</c> or <c>stop</c>.</summary>
    public string? OnBadStep { get; init; }

    /// <summary>Seed of everything random.</summary>
    public int? Seed { get; init; }

    /// <summary><c>auto</c>, <c>float32</c> or <c>bf16</c>.</summary>
    public string? Precision { get; init; }

    /// <summary>Device as TorchSharp names it.</summary>
    public string? Device { get; init; }

    /// <summary>Whether the time of each stage is told at the end.</summary>
    public bool Profile { get; init; }

    /// <summary>Recipe overrides, <c>key=value</c>, in the order given.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];

    /// <summary>The command line as typed, for the run's records.</summary>
    public required string CommandLine { get; init; }
}
