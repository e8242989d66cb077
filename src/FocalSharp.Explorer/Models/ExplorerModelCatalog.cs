using FocalSharp.Models;

namespace FocalSharp.Explorer.Models;

/// <summary>
/// The models in the folder that the explorer was started on, by name. Requests contain names, never paths, so that no other file can be
/// accessed.
/// </summary>
/// <param name="source">
/// The folder of a run, a folder of runs and model files, or one file; null for <see cref="RunFolder.DefaultRoot"/>.
/// </param>
/// <param name="data">The data set to show instead of the one that a run was evaluated on, or null.</param>
internal sealed class ExplorerModelCatalog(string? source = null, string? data = null)
{
    private const int MaxEntries = 500;
    private static readonly string[] Extensions = [".safetensors", ".pth", ".pt", ExplorerModelEntry.OnnxExtension];
    private readonly string _source = Path.GetFullPath(source ?? RunFolder.DefaultRoot);

    /// <summary>Gets the folder or file.</summary>
    public string Source => _source;

    /// <summary>Gets the data set to show instead of the run's own, or null.</summary>
    public string? Data => data;

    /// <summary>Gets what the pages advise if something is missing.</summary>
    public ExplorerHints Hints { get; init; } = new();

    /// <summary>Returns the current models: runs, newest first, then files.</summary>
    public IReadOnlyList<ExplorerModelEntry> GetEntries()
    {
        if (File.Exists(_source))
        {
            return [new ExplorerModelEntry(Path.GetFileName(_source), _source, FindRunFolder(Path.GetDirectoryName(_source)!))];
        }

        if (!Directory.Exists(_source))
        {
            return [];
        }

        if (FindRunFolder(_source) is not null)
        {
            return [.. GetRunEntries(_source)];
        }

        IEnumerable<ExplorerModelEntry> runs = new DirectoryInfo(_source).EnumerateDirectories()
            .OrderByDescending(folder => folder.LastWriteTimeUtc).ThenBy(folder => folder.Name, StringComparer.Ordinal)
            .SelectMany(folder => GetRunEntries(folder.FullName));
        IEnumerable<ExplorerModelEntry> files = EnumerateModelFiles(_source).Select(file => new ExplorerModelEntry(Path.GetFileName(file), file, RunFolder: null));
        return [.. runs.Concat(files).Take(MaxEntries)];
    }

    /// <summary>Returns the model with a name, or null.</summary>
    public ExplorerModelEntry? Find(string? id) => GetEntries().FirstOrDefault(entry => string.Equals(entry.Id, id, StringComparison.Ordinal));

    // The weights that were evaluated, and the ONNX files in the same folder.
    private static IEnumerable<ExplorerModelEntry> GetRunEntries(string folder)
    {
        if (FindRunFolder(folder) is null)
        {
            yield break;
        }

        RunFolder run = RunFolder.Open(folder);
        string evaluated = File.Exists(run.ResultPath) && File.Exists(run.LastWeightsPath) ? run.LastWeightsPath : RunFolder.FindWeights(folder);
        yield return new ExplorerModelEntry(run.Name, evaluated, folder);
        foreach (string file in EnumerateModelFiles(folder).Where(file => file.EndsWith(ExplorerModelEntry.OnnxExtension, StringComparison.OrdinalIgnoreCase)))
        {
            yield return new ExplorerModelEntry($"{run.Name}/{Path.GetFileName(file)}", file, folder);
        }
    }

    private static string? FindRunFolder(string folder) =>
        File.Exists(Path.Combine(folder, "best.safetensors")) || File.Exists(Path.Combine(folder, "last.safetensors")) ? folder : null;

    private static IEnumerable<string> EnumerateModelFiles(string folder) => Directory.EnumerateFiles(folder)
        .Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal);
}
