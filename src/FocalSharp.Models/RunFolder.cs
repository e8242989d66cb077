using System.Diagnostics.CodeAnalysis;
using FocalSharp.IO;

namespace FocalSharp.Models;

/// <summary>The folder that holds all that one training run makes, and the names in it.</summary>
public sealed class RunFolder
{
    /// <summary>Where runs go by default, relative to the working folder.</summary>
    public const string DefaultRoot = "runs";

    private RunFolder(string path) => Path = path;

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Last part of the path.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>The resolved recipe: defaults, file and overrides, as trained.</summary>
    public string RecipePath => GetPath("recipe.yaml");

    /// <summary>One row a step or epoch; see <c>MetricsLog</c>.</summary>
    public string MetricsPath => GetPath("metrics.csv");

    /// <summary>The weights after the last epoch.</summary>
    public string LastWeightsPath => GetPath("last.safetensors");

    /// <summary>The weights of the epoch with the highest AP.</summary>
    public string BestWeightsPath => GetPath("best.safetensors");

    /// <summary>What was asked for, so that the run can be resumed; <c>RunManifest</c>.</summary>
    public string ManifestPath => GetPath("run.json");

    /// <summary>Hashes of the data that was trained on.</summary>
    public string DatasetFingerprintPath => GetPath("data.txt");

    /// <summary>Folder of the last two states, for resuming; <c>CheckpointStore</c>.</summary>
    public string CheckpointsPath => GetPath("state");

    /// <summary>Folder of batches whose step went wrong, for <c>focalsharp replay</c>.</summary>
    public string BadStepsPath => GetPath("faults");

    /// <summary>Folder of decoded images while the run lasts, where the recipe asks for one.</summary>
    public string CachePath => GetPath("cache");

    /// <summary>The final numbers; <c>RunResult</c>.</summary>
    public string ResultPath => GetPath("result.json");

    /// <summary>The page to look at.</summary>
    public string ReportPath => GetPath("report.html");

    /// <summary>Detections on the validation images, COCO results format.</summary>
    public string DetectionsPath => GetPath("detections.json");

    /// <summary>Folder of the validation pictures, ground truth beside prediction.</summary>
    public string PicturesPath => GetPath("pictures");

    /// <summary>A file of the run.</summary>
    public string GetPath(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Makes the next free folder <c>root/name</c>, <c>root/name-2</c>, …</summary>
    /// <param name="root">The folder of all runs; made where absent.</param>
    /// <param name="name">The wished name, usually the data set's; characters that no file name may have are replaced.</param>
    /// <param name="requiredBytes">Room that the run will need, as far as known.</param>
    /// <exception cref="FocalSharpException">The folder cannot be made or written to, or the disk is too full.</exception>
    public static RunFolder CreateNext(string root, string name, long requiredBytes = 0)
    {
        string requested = SanitizeName(name);
        for (int number = 1; ; number++)
        {
            string path = System.IO.Path.GetFullPath(System.IO.Path.Combine(root, number == 1 ? requested : $"{requested}-{number}"));
            if (!System.IO.Path.Exists(path))
            {
                return Prepare(path, requiredBytes);
            }
        }
    }

    /// <summary>Makes exactly this folder; it may exist, but must not hold a run already.</summary>
    /// <exception cref="FocalSharpException">
    /// It holds a run or is a file, cannot be made or written to, or the disk is too full.
    /// </exception>
    public static RunFolder Create(string path, long requiredBytes = 0)
    {
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (File.Exists(full))
        {
            throw new FocalSharpException($"{path}: is a file, and a run needs a folder. Choose another with --out.");
        }

        if (ContainsRun(full, out string? statistics))
        {
            throw new FocalSharpException(
                $"{path}: holds a run already ({statistics}), and nothing trained is ever overwritten. "
                + (File.Exists(new RunFolder(full).ManifestPath) ? $"Continue it with --resume {path}, or choose" : "Choose") + " another folder with --out, or remove this one.");
        }

        return Prepare(full, requiredBytes);
    }

    /// <summary>Opens the folder of a run made before.</summary>
    /// <exception cref="FocalSharpException">There is no run in it.</exception>
    public static RunFolder Open(string path)
    {
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (!Directory.Exists(full))
        {
            throw new FocalSharpException($"{path}: there is no such folder. 'focalsharp train' makes runs under {DefaultRoot}/.");
        }

        return ContainsRun(full, out _)
            ? new RunFolder(full)
            : throw new FocalSharpException($"{path}: holds no run (no weights and no metrics.csv). 'focalsharp train' makes runs under {DefaultRoot}/.");
    }

    /// <summary>Opens the run to resume.</summary>
    /// <param name="path">A run's folder, or its name under <c>runs/</c>; null or empty: the one under <c>runs/</c> that was written to last.</param>
    /// <exception cref="FocalSharpException">There is none.</exception>
    public static RunFolder FindToResume(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            RunFolder? newest = Directory.Exists(DefaultRoot)
                ? Directory.GetDirectories(DefaultRoot).Select(folder => new RunFolder(System.IO.Path.GetFullPath(folder)))
                    .Where(run => File.Exists(run.ManifestPath)).MaxBy(run => run.GetLastWriteTime())
                : null;
            return newest ?? throw new FocalSharpException($"There is no run to resume under {DefaultRoot}/. Name one: --resume path/to/run.");
        }

        RunFolder run = Resolve(path);
        return File.Exists(run.ManifestPath)
            ? run
            : throw new FocalSharpException(
                $"{path}: holds no run to resume (there is no {System.IO.Path.GetFileName(run.ManifestPath)}). Nothing was trained there yet, or by an older version: start it anew.");
    }

    /// <summary>The run that a user means by a path, or by its name under <c>runs/</c>.</summary>
    /// <exception cref="FocalSharpException">There is none, or it has no record.</exception>
    public static RunFolder Find(string path)
    {
        RunFolder run = Resolve(path);
        return File.Exists(run.ManifestPath)
            ? run
            : throw new FocalSharpException(
                $"{path}: holds no run (there is no {System.IO.Path.GetFileName(run.ManifestPath)}). For weights alone: focalsharp eval {path} DATA --report report.html");
    }

    /// <summary>
    /// The weights that a user means by a path: the file itself, or a run's best weights, else its last.
    /// </summary>
    /// <exception cref="FocalSharpException">There are none.</exception>
    public static string FindWeights(string path)
    {
        if (File.Exists(path))
        {
            return path;
        }

        if (!Directory.Exists(path))
        {
            throw new FocalSharpException($"{path}: there is no such file or folder. Give a run's folder (runs/NAME) or a weights file (.safetensors).");
        }

        RunFolder run = new(System.IO.Path.GetFullPath(path));
        return File.Exists(run.BestWeightsPath) ? run.BestWeightsPath
            : File.Exists(run.LastWeightsPath) ? run.LastWeightsPath
            : throw new FocalSharpException($"{path}: holds no weights (best.safetensors or last.safetensors). Did its training end before the first epoch?");
    }

    /// <summary>Whether a folder holds weights of a run.</summary>
    public static bool ContainsWeights(string path)
    {
        RunFolder run = new(System.IO.Path.GetFullPath(path));
        return File.Exists(run.BestWeightsPath) || File.Exists(run.LastWeightsPath);
    }

    // As typed, or under runs/.
    private static RunFolder Resolve(string path)
    {
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        string named = System.IO.Path.GetFullPath(System.IO.Path.Combine(DefaultRoot, path));
        return new RunFolder(Directory.Exists(full) ? full : Directory.Exists(named) ? named : full);
    }

    private static bool ContainsRun(string path, [NotNullWhen(true)] out string? statistics)
    {
        RunFolder run = new(path);
        statistics = new[] { run.ResultPath, run.BestWeightsPath, run.LastWeightsPath, run.MetricsPath, run.ManifestPath }
            .Where(File.Exists).Select(System.IO.Path.GetFileName).FirstOrDefault();
        return statistics is not null;
    }

    private DateTime GetLastWriteTime() => new[] { ManifestPath, MetricsPath, CheckpointsPath }.Max(path => Directory.Exists(path) ? Directory.GetLastWriteTimeUtc(path) : File.GetLastWriteTimeUtc(path));

    private static RunFolder Prepare(string path, long requiredBytes)
    {
        DirectoryAccess.RequireWritable(path, requiredBytes);
        return new RunFolder(path);
    }

    private static string SanitizeName(string name)
    {
        char[] forbidden = [.. System.IO.Path.GetInvalidFileNameChars(), '/', '\\', ':', '*', '?', '"', '<', '>', '|', ' '];
        string safe = string.Concat(name.Select(letter => forbidden.Contains(letter) || char.IsControl(letter) ? '-' : letter)).Trim('.', '-');
        return safe.Length == 0 ? "run" : safe;
    }
}
