using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Datasets.Files;
using FocalSharp.Models.Catalog;

namespace FocalSharp.Cli;

/// <summary>
/// Adds the command-line way out to errors of the libraries, whose messages contain no options and commands of this tool: the option to
/// change, or the command to run next.
/// </summary>
internal static class ErrorHints
{
    // Options of the libraries (OptionException.OptionName), and the option of this tool that sets each.
    private static readonly Dictionary<string, string> OptionFlags = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ApiKeys"] = "--api-key-file",
        ["Device"] = "--device",
        ["Host"] = "--host",
        ["InputSize"] = "--size",
        ["IouThreshold"] = "--nms",
        ["NmsMethod"] = "--nms",
        ["ExecutionProvider"] = "--provider",
        ["FlipTest"] = "--flip",
        ["ScaleTest"] = "--scales",
        ["Tiles"] = "--tiles",
        ["MaxBatch"] = "--batch",
        ["MaxDetections"] = "--max-detections",
        ["MaxImages"] = "--max-images",
        ["MaxWait"] = "--batch-wait",
        ["Overlap"] = "--overlap",
        ["Port"] = "--port",
        ["Precision"] = "--precision",
        ["QueueLimit"] = "--queue",
        ["ReloadOnChange"] = "--reload",
        ["ScoreThreshold"] = "--threshold",
        ["Size"] = "--tiles",
        ["Threads"] = "--threads",
    };

    /// <summary>Returns what to do on the command line about an error, or null if there is nothing to add to its message.</summary>
    /// <param name="exception">The error.</param>
    /// <param name="parsed">The command line.</param>
    public static string? Find(FocalSharpException exception, ParseResult parsed)
    {
        string? hint = exception switch
        {
            OptionException { OptionName: { } name } => FindFlag(name, parsed.CommandResult.Command),
            FileException { Path: { } path } when IsOutput(path, parsed) => "Choose another folder or file with --out.",
            ModelException { Path: { } name } when ModelCatalog.Entries.Any(entry => entry.Name == name) =>
                $"Download the model with: {CommandLine.Format(["focalsharp", "models", "pull", name])}",
            ModelException { Path: { } path } when path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)
                && parsed.CommandResult.Command.Name != "import" && exception.Message.Contains("import", StringComparison.Ordinal) =>
                $"Import a published export with: {CommandLine.Format(["focalsharp", "import", path])}",
            DatasetException { Path: { } path } when Path.Exists(path) && parsed.CommandResult.Command.Name != "check" && !IsResults(path) =>
                $"List all problems with: {CommandLine.Format(["focalsharp", "data", "check", path])}",
            ImageException when exception.Message.Contains("raise MaxPixels", StringComparison.Ordinal)
                && parsed.CommandResult.Command.Options.Any(option => option.Name == "--max-megapixels") => "Raise the limit with --max-megapixels.",
            TrainingException { RunFolder: { } run } training => FormatResume(run, training.BadStepPath),
            _ => null,
        };
        return hint is null || exception.Message.Contains(hint, StringComparison.Ordinal) ? null : hint;
    }

    // Detections are no data set.
    private static bool IsResults(string path) => Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase)
        && JsonSignature.TryRead(path) is { } signature && (UnrecognizedFiles.IsResults(signature) || (signature.IsArray && signature.Has("bbox")) || signature.Keys.Count == 0);

    private static string FormatResume(string run, string? badStep)
    {
        string replay = badStep is null ? "" : $"Find the cause with: {CommandLine.Format(["focalsharp", "replay", GetRelativePath(badStep)])}\n";
        return $"{replay}Resume with: {CommandLine.Format(["focalsharp", "train", "--resume", GetRelativePath(run)])}";
    }

    private static string GetRelativePath(string path) => Path.GetRelativePath(Directory.GetCurrentDirectory(), path);

    private static string? FindFlag(string optionName, Command command) =>
        OptionFlags.TryGetValue(optionName, out string? flag) && command.Options.Any(option => option.Name == flag) ? $"Change it with {flag}." : null;

    // True if the file is the value of --out or below it.
    private static bool IsOutput(string path, ParseResult parsed) =>
        parsed.CommandResult.Command.Options.FirstOrDefault(option => option.Name == "--out") is Option<string> output
        && parsed.GetValue(output) is { Length: > 0 } value
        && !Path.GetRelativePath(value, path).StartsWith("..", StringComparison.Ordinal);
}
