using System.Text.Json;
using FocalSharp.IO;
using FocalSharp.Models;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Runs;

/// <summary>A run's <c>run.json</c>: all that was asked for, so that <c>--resume</c> needs nothing but the folder.</summary>
public sealed record RunManifest
{
    private const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions JsonOptions = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, RespectNullableAnnotations = true };

    /// <summary>Raised whenever an older reader would misunderstand the file.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The data set as typed.</summary>
    public required string Data { get; init; }

    /// <summary>Its full path; <c>demo</c> stays itself.</summary>
    public required string DataPath { get; init; }

    /// <summary>Full path of the drawn scenes.</summary>
    public string DemoFolder { get; init; } = "";

    /// <summary>Weights that the run started from, or null.</summary>
    public string? Weights { get; init; }

    /// <summary>The seed.</summary>
    public int Seed { get; init; }

    /// <summary>Arithmetic of the convolutions, decided.</summary>
    public Precision Precision { get; init; }

    /// <summary>The device.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>libtorch's threads: another number rounds differently.</summary>
    public int Threads { get; init; }

    /// <summary>The command line that began it.</summary>
    public string Command { get; init; } = "";

    /// <summary>The recipe, every key with its value.</summary>
    public required IReadOnlyDictionary<string, string> Recipe { get; init; }

    /// <summary>Whether the run came to its end.</summary>
    public bool Finished { get; init; }

    /// <summary>Describes a run that begins.</summary>
    public static RunManifest Create(TrainingRequest request, Recipe recipe) => new()
    {
        Data = request.DataArgument ?? request.Data,
        DataPath = ResolveDataPath(request.Data),
        DemoFolder = Path.GetFullPath(request.DemoFolder),
        Weights = request.Weights is { } weights ? ResolveWeightsPath(weights) : null,
        Seed = request.Options.Seed,
        Precision = request.Options.Precision.Resolve(),
        Device = request.Options.Device,
        Threads = TorchSharp.torch.get_num_threads(),
        Command = request.CommandLine,
        Recipe = RecipeBook.Flatten(recipe).ToDictionary(),
    };

    /// <summary>A data argument that means the same from any working folder.</summary>
    public static string ResolveDataPath(string data) => string.Equals(data, TrainingRun.DemoDataName, StringComparison.Ordinal) ? data : Path.GetFullPath(data);

    /// <summary>Weights that mean the same from any working folder: a full path, or the name of a published model.</summary>
    public static string ResolveWeightsPath(string weights) => Path.Exists(weights) ? Path.GetFullPath(weights) : weights;

    /// <summary>What to ask for to go on as before.</summary>
    /// <param name="folder">The run.</param>
    public TrainingRequest ToRequest(RunFolder folder) => new()
    {
        Data = DataPath,
        DataArgument = Data,
        DemoFolder = DemoFolder,
        Recipe = File.Exists(folder.RecipePath)
            ? RecipeBook.Load(folder.RecipePath)
            : throw new FocalSharpException($"{folder.RecipePath}: is gone, and the run cannot be resumed without it."),
        Weights = Weights,
        CommandLine = Command,
        Options = new TrainerOptions { Seed = Seed, Precision = Precision, Device = Device },
        ResumeFrom = folder.Path,
    };

    /// <summary>Reads the record of a run.</summary>
    /// <exception cref="FocalSharpException">It is absent, damaged or of a newer version.</exception>
    public static RunManifest Read(RunFolder folder)
    {
        string path = folder.ManifestPath;
        try
        {
            RunManifest record = JsonSerializer.Deserialize<RunManifest>(File.ReadAllText(path), JsonOptions) ?? throw new JsonException("it is empty");
            if (record.Recipe.Values.Any(value => value is null))
            {
                throw new JsonException("a value of its recipe is null");
            }

            return record.Format <= CurrentFormat
                ? record
                : throw new FocalSharpException($"{path}: was written by a newer version of FocalSharp. Update it to resume this run.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or NotSupportedException or ArgumentException)
        {
            throw new FocalSharpException($"{path}: cannot be read ({exception.Message}), so that this run cannot be resumed. Its weights are untouched: --weights {folder.Path}", exception);
        }
    }

    /// <summary>Writes the record.</summary>
    /// <exception cref="FocalSharpException">The folder cannot be written to.</exception>
    public void Save(RunFolder folder) => AtomicFile.WriteText(folder.ManifestPath, JsonSerializer.Serialize(this, JsonOptions) + "\n");
}
