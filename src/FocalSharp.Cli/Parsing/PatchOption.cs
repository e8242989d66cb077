using System.CommandLine;
using FocalSharp.Cli.Terminal;
using FocalSharp.Datasets;
using FocalSharp.Datasets.Patching;

namespace FocalSharp.Cli.Parsing;

/// <summary>
/// <c>--patch</c>: corrections of labels, from the explorer. A patch that lies beside a data set is announced, not applied: which labels a command used must
/// be visible in its command line.
/// </summary>
internal static class PatchOption
{
    private const int MaxWarnings = 5;

    /// <summary>Creates the option.</summary>
    public static Option<string?> Create() => new("--patch") { HelpName = "FILE", Description = "Apply a label patch, as 'focalsharp explore' saves it beside the data set" };

    /// <summary>Applies the patch, or announces one that is not applied.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="data">The data set as given.</param>
    /// <param name="patch">The patch file, or null.</param>
    /// <param name="ui">The console.</param>
    public static DetectionDataset Apply(DetectionDataset dataset, string data, string? patch, ConsoleUi ui)
    {
        if (patch is null)
        {
            Announce(data, ui);
            return dataset;
        }

        PatchResult result = LabelPatcher.Apply(dataset, LabelPatch.Read(patch));
        ui.Line($"Label patch {patch}: {result.Describe()}");
        foreach (string conflict in result.Conflicts.Take(MaxWarnings))
        {
            ui.Warn($"{patch}: {conflict}");
        }

        if (result.Conflicts.Count > MaxWarnings)
        {
            ui.Warn($"{patch}: {result.Conflicts.Count - MaxWarnings} more conflicts");
        }

        return result.Dataset;
    }

    /// <summary>Notes that a data set has a patch that is not applied.</summary>
    public static void Announce(string data, ConsoleUi ui)
    {
        string beside = LabelPatch.GetPath(DataArgument.IsDemo(data) ? DataArgument.DemoFolder : data);
        if (File.Exists(beside))
        {
            string shown = Path.GetRelativePath(".", beside);
            ui.Note($"note: {shown} contains corrected labels, which are not applied. Apply them with --patch {CommandLine.Quote(shown)}");
        }
    }
}
