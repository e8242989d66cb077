using FocalSharp.Models;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Runs;

/// <summary>What a training run is asked for.</summary>
public sealed record TrainingRequest
{
    /// <summary>The data set's path, or <c>demo</c> for drawn scenes.</summary>
    public required string Data { get; init; }

    /// <summary>The data set as it was typed when the run began, for its records; null: <see cref="Data"/>.</summary>
    public string? DataArgument { get; init; }

    /// <summary>The recipe, overrides applied.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>The run's folder; null: the next free one under <c>runs/</c>.</summary>
    public string? OutputFolder { get; init; }

    /// <summary>Weights to start from; null: from scratch.</summary>
    public string? Weights { get; init; }

    /// <summary>
    /// The folder of a run to go on with, or null to begin one. Everything else must be as that run was begun
    /// (<see cref="RunManifest.ToRequest"/> gives it), but for what decides no weight.
    /// </summary>
    public string? ResumeFrom { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Seed, precision, device, threads.</summary>
    public TrainerOptions Options { get; init; } = new();

    /// <summary>The command line as typed, for the run's records.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>Where the demo's scenes are drawn unless told otherwise, relative to the working folder.</summary>
    public static string DefaultDemoFolder { get; } = Path.Combine(RunFolder.DefaultRoot, "demo-data");

    /// <summary>Folder of the drawn demo scenes; they are kept, so that a second run need not draw them.</summary>
    public string DemoFolder { get; init; } = DefaultDemoFolder;
}
