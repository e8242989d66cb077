using System.CommandLine;

namespace FocalSharp.Cli.Parsing;

/// <summary>Options and values of version 0.1 under another name; each answers with its new name.</summary>
internal static class RenamedOptions
{
    private static readonly Dictionary<string, string> Options = new(StringComparer.Ordinal)
    {
        ["--licence"] = "--license",
        ["--max"] = "--max-detections",
        ["--on-fault"] = "--on-bad-step",
        ["--picture"] = "--image",
    };

    private static readonly Dictionary<(string Option, string Value), string> Values = new()
    {
        [("--method", "least-error")] = "mse",
        [("--names", "ours")] = "focalsharp",
    };

    /// <summary>Returns the option's new name, or null if no option of that name was renamed in this command.</summary>
    public static string? Find(string name, Command command) =>
        Options.TryGetValue(name, out string? renamed) && command.Options.Any(option => option.Name == renamed) ? renamed : null;

    /// <summary>Returns the value's new name, or null if the option has no renamed value of that name.</summary>
    public static string? FindValue(string option, string value) => Values.GetValueOrDefault((option, value));
}
