using System.Diagnostics.CodeAnalysis;
using FocalSharp.IO;

namespace FocalSharp.Models;

/// <summary>The folder of a training run, and the files in it.</summary>
public sealed class RunFolder
{
    /// <summary>The default folder of runs, relative to the working directory.</summary>
    public const string DefaultRoot = "runs";

    private RunFolder(string path) => Path = path;

    /// <summary>Returns the folder of a run that another process has created.</summary>
    /// <param name="path">The full path; it may not exist here.</param>
    internal static RunFolder FromPath(string path) => new(path);

    /// <summary>Gets the full path.</summary>
    public string Path { get; }

    /// <summary>Gets the last part of the path.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Gets the resolved recipe: defaults, file and overrides, as trained.</summary>
    public string RecipePath => GetPath("recipe.yaml");

    /// <summary>Gets the metrics: one row per step or epoch; see <c>MetricsLog</c>.</summary>
    public string MetricsPath => GetPath("metrics.csv");

    /// <summary>Gets the weights after the last epoch.</summary>
    public string LastWeightsPath => GetPath("last.safetensors");

    /// <summary>Gets the weights of the epoch with the highest AP.</summary>
    public string BestWeightsPath => GetPath("best.safetensors");

    /// <summary>Gets the manifest, from which the run can be resumed; see <c>RunManifest</c>.</summary>
    public string ManifestPath => GetPath("run.json");

    /// <summary>Gets the hashes of the training data.</summary>
    public string DatasetFingerprintPath => GetPath("data.txt");

    /// <summary>Gets the folder of the last two checkpoints; see <c>CheckpointStore</c>.</summary>
    public string CheckpointsPath => GetPath("checkpoints");

    /// <summary>Gets the folder of batches that caused a bad step.</summary>
    public string BadStepsPath => GetPath("bad-steps");

    /// <summary>Gets the folder of decoded images during the run, if the recipe enables it.</summary>
    public string CachePath => GetPath("cache");

    /// <summary>Gets the final metrics; see <c>RunResult</c>.</summary>
    public string ResultPath => GetPath("result.json");

    /// <summary>Gets the report.</summary>
    public string ReportPath => GetPath("report.html");

    /// <summary>Gets the detections on the evaluation images, in COCO results format.</summary>
    public string DetectionsPath => GetPath("detections.json");

    /// <summary>Gets the copy of the label patch that the run was trained with; it does not exist for runs without one.</summary>
    internal string LabelPatchPath => GetPath("label-patch.json");

    /// <summary>Gets the folder of evaluation images, with ground truth beside detections.</summary>
    public string PicturesPath => GetPath("pictures");

    /// <summary>Returns the path of a file of the run.</summary>
    public string GetPath(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Creates the next free folder <c>root/name</c>, <c>root/name-2</c>, …</summary>
    /// <param name="root">The folder of all runs; created if missing.</param>
    /// <param name="name">The requested name, usually the data set's; characters that are invalid in file names are replaced.</param>
    /// <param name="requiredBytes">Free space that the run needs, if known.</param>
    /// <exception cref="FileException">The folder cannot be created or written, or the disk is too full.</exception>
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

    /// <summary>Creates a folder; it may exist, but must not contain a run.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="requiredBytes">Free space that the run needs, if known.</param>
    /// <exception cref="FileException">
    /// It contains a run or is a file, cannot be created or written, or the disk is too full.
    /// </exception>
    public static RunFolder Create(string path, long requiredBytes = 0)
    {
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (File.Exists(full))
        {
            throw new FileException($"{path}: is a file, but a run needs a folder. Choose another path.") { Path = path };
        }

        if (ContainsRun(full, out string? statistics))
        {
            throw new FileException(
                $"{path}: contains a run already ({statistics}), and runs are never overwritten. "
                + (File.Exists(new RunFolder(full).ManifestPath) ? "Resume it, choose" : "Choose") + " another folder, or remove this one.")
            { Path = path };
        }

        return Prepare(full, requiredBytes);
    }

    /// <summary>Opens the folder of an existing run.</summary>
    /// <exception cref="FileException">There is no such folder, or no run in it.</exception>
    public static RunFolder Open(string path)
    {
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        if (!Directory.Exists(full))
        {
            throw new FileException($"{path}: there is no such folder. Training creates runs under {DefaultRoot}/.");
        }

        return ContainsRun(full, out _)
            ? new RunFolder(full)
            : throw new FileException($"{path}: contains no run (no weights and no metrics.csv). Training creates runs under {DefaultRoot}/.");
    }

    /// <summary>Finds the run to resume.</summary>
    /// <param name="path">A run folder, or its name under <c>runs/</c>; null or empty for the most recent one under <c>runs/</c>.</param>
    /// <exception cref="FileException">There is none.</exception>
    public static RunFolder FindToResume(string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            RunFolder? newest = Directory.Exists(DefaultRoot)
                ? Directory.GetDirectories(DefaultRoot).Select(folder => new RunFolder(System.IO.Path.GetFullPath(folder)))
                    .Where(run => File.Exists(run.ManifestPath)).MaxBy(run => run.GetLastWriteTime())
                : null;
            return newest ?? throw new FileException($"There is no run to resume under {DefaultRoot}/. Pass the run folder.");
        }

        RunFolder run = Resolve(path);
        return File.Exists(run.ManifestPath)
            ? run
            : throw new FileException(
                $"{path}: contains no run to resume (there is no {System.IO.Path.GetFileName(run.ManifestPath)}). Start a new run.");
    }

    /// <summary>Finds a run by its path, or by its name under <c>runs/</c>.</summary>
    /// <exception cref="FileException">There is none, or it has no manifest.</exception>
    public static RunFolder Find(string path)
    {
        RunFolder run = Resolve(path);
        return File.Exists(run.ManifestPath)
            ? run
            : throw new FileException(
                $"{path}: contains no run (there is no {System.IO.Path.GetFileName(run.ManifestPath)}). Weights alone can be evaluated on a data set.");
    }

    /// <summary>Returns the weights at a path: the file itself, or a run's best weights, else its last.</summary>
    /// <exception cref="ModelException">There are none.</exception>
    public static string FindWeights(string path)
    {
        if (File.Exists(path))
        {
            return path;
        }

        if (!Directory.Exists(path))
        {
            throw new ModelException($"{path}: there is no such file or folder. Pass a run folder (runs/NAME) or a weights file (.safetensors).");
        }

        RunFolder run = new(System.IO.Path.GetFullPath(path));
        return File.Exists(run.BestWeightsPath) ? run.BestWeightsPath
            : File.Exists(run.LastWeightsPath) ? run.LastWeightsPath
            : throw new ModelException($"{path}: contains no weights (best.safetensors or last.safetensors). The first epoch may not have finished.");
    }

    /// <summary>Returns whether a folder contains weights of a run.</summary>
    public static bool ContainsWeights(string path)
    {
        RunFolder run = new(System.IO.Path.GetFullPath(path));
        return File.Exists(run.BestWeightsPath) || File.Exists(run.LastWeightsPath);
    }

    // As given, or under runs/.
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
