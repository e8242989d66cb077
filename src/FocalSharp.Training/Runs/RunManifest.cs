using System.Text.Json;
using System.Text.Json.Serialization;
using FocalSharp.IO;
using FocalSharp.Models;
using FocalSharp.Torch.Native;
using FocalSharp.Training.Loop;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Training.Runs;

/// <summary>A run's <c>run.json</c>: everything that was requested, so that the run can be resumed from its folder.</summary>
internal sealed record RunManifest
{
    private const int CurrentFormat = 2;
    private const string FirstDemoName = "demo"; // the data path of version 0.1 for generated scenes

    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Gets the version of the format, raised whenever an older reader would misunderstand the file.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Gets the name of the data set as given.</summary>
    public required string Data { get; init; }

    /// <summary>Gets the full path of the data set, or null if it was in memory.</summary>
    public string? DataPath { get; init; }

    /// <summary>Gets the folder of the generated scenes; only in files of version 0.1.</summary>
    public string? DemoFolder { get; init; }

    /// <summary>Gets the weights that the run started from, or null.</summary>
    public string? Weights { get; init; }

    /// <summary>Gets the teacher, or null.</summary>
    public string? Teacher { get; init; }

    /// <summary>Gets the folder of images that the teacher labels, or null.</summary>
    public string? Unlabeled { get; init; }

    /// <summary>Gets the seed.</summary>
    public int Seed { get; init; }

    /// <summary>Gets the precision of the convolutions, resolved.</summary>
    public Precision Precision { get; init; }

    /// <summary>Gets the device.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Gets libtorch's number of threads: another number rounds differently.</summary>
    public int Threads { get; init; }

    /// <summary>Gets the number of threads that was requested; 0 for none.</summary>
    public int FixedThreads { get; init; }

    /// <summary>Gets the command line that started the run.</summary>
    public string Command { get; init; } = "";

    /// <summary>Gets the names of the metrics beside COCO's.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>Gets the recipe: every key with its value.</summary>
    public required IReadOnlyDictionary<string, string> Recipe { get; init; }

    /// <summary>Gets whether the run is complete.</summary>
    public bool Finished { get; init; }

    /// <summary>Creates the manifest of a new run.</summary>
    public static RunManifest Create(TrainingRequest request, Recipe recipe) => new()
    {
        Data = request.DataName,
        DataPath = request.Data is { } data ? Path.GetFullPath(data) : null,
        Weights = request.Weights is { } weights ? ResolveWeightsPath(weights) : null,
        Teacher = request.Teacher is { } teacher ? ResolveWeightsPath(teacher) : null,
        Unlabeled = request.Unlabeled is { } unlabeled ? Path.GetFullPath(unlabeled) : null,
        Seed = request.Options.Seed,
        Precision = request.Options.Precision.Resolve(),
        Device = request.Options.Device,
        Threads = TorchSharp.torch.get_num_threads(),
        FixedThreads = request.Options.Threads,
        Command = request.CommandLine,
        Metrics = [.. request.Metrics.Select(metric => metric.Name)],
        Recipe = RecipeBook.Flatten(recipe).ToDictionary(),
    };

    /// <summary>Makes weights independent of the working folder: returns a full path, or the name of a published model.</summary>
    public static string ResolveWeightsPath(string weights) => Path.Exists(weights) ? Path.GetFullPath(weights) : weights;

    /// <summary>Creates a request that resumes the run.</summary>
    /// <param name="folder">The run.</param>
    /// <exception cref="FocalSharpException">The recipe is missing, or the run was started by an older version.</exception>
    public TrainingRequest ToRequest(RunFolder folder)
    {
        if (Format < CurrentFormat)
        {
            throw new TrainingException(
                $"{folder.Path}: was started by FocalSharp 0.1 and cannot be resumed by this version. Finish it with version 0.1, or start a new run from its weights.")
            {
                RunFolder = folder.Path,
            };
        }

        return new TrainingRequest
        {
            Data = DataPath,
            DataArgument = Data,
            Recipe = File.Exists(folder.RecipePath)
                ? RecipeBook.Load(folder.RecipePath)
                : throw new FileException($"{folder.RecipePath}: is missing, and the run cannot be resumed without it.") { Path = folder.RecipePath },
            Weights = Weights,
            Teacher = Teacher,
            Unlabeled = Unlabeled,
            CommandLine = Command,
            Options = new TrainerOptions { Seed = Seed, Precision = Precision, Device = Device, Threads = FixedThreads },
            ResumeFrom = folder.Path,
        };
    }

    /// <summary>Reads the manifest of a run.</summary>
    /// <exception cref="FileException">It is missing, damaged or of a newer version.</exception>
    public static RunManifest Read(RunFolder folder)
    {
        string path = folder.ManifestPath;
        try
        {
            RunManifest manifest = JsonSerializer.Deserialize<RunManifest>(File.ReadAllText(path), JsonOptions) ?? throw new JsonException("it is empty");
            if (manifest.Recipe.Values.Any(value => value is null))
            {
                throw new JsonException("a value of its recipe is null");
            }

            if (manifest.Format > CurrentFormat)
            {
                throw new FileException($"{path}: was written by a newer version of FocalSharp. Update it to resume this run.") { Path = path };
            }

            return manifest is { DataPath: FirstDemoName, DemoFolder: { Length: > 0 } demo } ? manifest with { DataPath = demo, DemoFolder = null } : manifest;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or NotSupportedException or ArgumentException)
        {
            throw new FileException($"{path}: cannot be read ({exception.Message}), so this run cannot be resumed. Its weights are unchanged: {folder.Path}", exception)
            {
                Path = path,
            };
        }
    }

    /// <summary>Writes the manifest.</summary>
    /// <exception cref="FileException">The folder cannot be written to.</exception>
    public void Save(RunFolder folder) => AtomicFile.WriteText(folder.ManifestPath, JsonSerializer.Serialize(this, JsonOptions) + "\n");
}
