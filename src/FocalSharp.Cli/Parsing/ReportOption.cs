using System.CommandLine;

namespace FocalSharp.Cli.Parsing;

/// <summary>The option <c>--report</c>: where a page goes that says what goes wrong.</summary>
internal static class ReportOption
{
    public static Option<string?> Create()
    {
        Option<string?> option = new("--report")
        {
            HelpName = "HTML",
            Description = "Write a page with curves, errors and what they cost, worst images and labels to check; with --json, its numbers too",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } path && !IsPage(path))
            {
                result.AddError($"--report {path}: the page's name must end in .html, so that no other file is written over by mistake.");
            }
        });
        return option;
    }

    /// <summary>Whether a name is one that a page may have.</summary>
    public static bool IsPage(string path) => Path.GetExtension(path).ToLowerInvariant() is ".html" or ".htm";
}
