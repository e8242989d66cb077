using System.Diagnostics;
using FocalSharp.Benchmarks.Support;
using FocalSharp.Imaging.Resizing;
using FocalSharp.Torch.Checkpoints;
using FocalSharp.Torch.Detectors;
using FocalSharp.Training.Recipes;

namespace FocalSharp.Benchmarks.Table.Groups;

/// <summary>Whole processes of the tool: help, and one prediction.</summary>
internal sealed class StartUpRows : IRowGroup
{
    private const int Runs = 7;

    /// <inheritdoc/>
    public string Name => "startup";

    /// <inheritdoc/>
    public string Title => "Start-up: whole processes of the tool";

    /// <inheritdoc/>
    public IEnumerable<BenchmarkRow> Measure()
    {
        yield return CreateRow("`focalsharp --help`", 0.3, "libtorch is not loaded", ["--help"]);
        string folder = Path.Combine(Path.GetTempPath(), "focalsharp-bench", $"startup-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        string weights = Path.Combine(folder, "nanodet-g.safetensors");
        Recipe recipe = RecipeBook.Load("nanodet-g");
        using (GflDetector detector = new(recipe.Model with { Classes = [.. Enumerable.Range(0, 80).Select(i => $"class {i}")] }, seed: 1))
        {
            DetectorCheckpoint.Save(weights, detector, ResizeRuleSerializer.ToMetadata(recipe.Input.ResizeRule));
        }

        string photo = Photo.Jpeg("640x480");
        yield return CreateRow(
            "`focalsharp predict` of one photo, 640×480, with annotated image and JSON",
            1.5,
            "the network of nanodet-g-coco at 416 px, random weights",
            ["predict", weights, photo, "--out", Path.Combine(folder, "out")]);
    }

    private static BenchmarkRow CreateRow(string name, double max, string note, string[] words)
    {
        double[] seconds = [.. Enumerable.Range(0, Runs + 1).Select(_ => Run(words)).Skip(1).Order()];
        double median = seconds[Runs / 2];
        return new BenchmarkRow(name)
        {
            Ours = Units.Time(median),
            Target = $"≤ {Units.Time(max)}",
            IsTargetMet = median <= max,
            Note = $"{note}; {Runs} runs, {Units.Time(seconds[0])} to {Units.Time(seconds[^1])}",
            Numbers = new Dictionary<string, double> { ["ours_seconds"] = median, ["runs"] = Runs },
        };
    }

    private static double Run(string[] words)
    {
        ProcessStartInfo start = new(Tool(), words) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        long began = Stopwatch.GetTimestamp();
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        return process.ExitCode == 0 ? seconds : throw new InvalidOperationException($"focalsharp {string.Join(' ', words)}: {errors.Result}");
    }

    // eng/bench builds the tool.
    private static string Tool()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FocalSharp.slnx")))
            {
                string tool = Path.Combine(folder.FullName, "src", "FocalSharp.Cli", "bin", "Release", "net10.0", "focalsharp");
                return File.Exists(tool) ? tool : throw new InvalidOperationException($"{tool} does not exist; run eng/bench, which builds it.");
            }
        }

        throw new InvalidOperationException("This program must run inside the repository, where it looks for the built tool.");
    }
}
