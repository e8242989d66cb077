using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Verbs;

/// <summary><c>focalsharp data check</c></summary>
internal static class DataVerb
{
    public static Verb Create(ConsoleUi ui, HelpWithExamples help)
    {
        Argument<string> path = new("PATH")
        {
            Description = "Folder or annotation file of the data set (its format is found out), or 'demo'",
        };
        Option<string?> recipe = new("--recipe")
        {
            HelpName = "NAME|FILE",
            Description = "Recipe that will train: its size, regMax, strides and batch are checked [default: gfl-lite]",
        };
        Option<int?> size = new("--size")
        {
            HelpName = "PIXELS",
            Description = "Input side that training will use [default: the recipe's]",
        };
        Option<int?> regMax = new("--reg-max")
        {
            HelpName = "N",
            Description = "Highest bin of the side distributions [default: the recipe's]",
        };
        Option<bool> fast = new("--fast") { Description = "Decode no picture: no damaged, blank or copied ones are found" };
        Option<bool> strict = new("--strict") { Description = "Fail on warnings too" };
        Option<bool> all = new("--all") { Description = "List every place, however many there are" };
        Option<string?> json = JsonOption.Create("Write the findings as JSON");

        Verb check = new(
            "check",
            "Look over a data set.",
            "Tells what is in it, what is wrong with it (each finding with its code, places and remedy: docs/data.md lists them), and which "
            + "settings suit it, as a command.\n"
            + "Exit code: 0 with notes and warnings alone, 1 with errors, or with warnings under --strict.",
            new Example("focalsharp data check path/to/dataset", "counts, sizes, class balance, faults, copies, leaks"),
            new Example("focalsharp data check path/to/dataset --recipe gfl-r50-1x --strict", "for another recipe; warnings fail"),
            new Example("focalsharp data check annotations.json --size 640 --json findings.json", "for a script"))
        { path, recipe, size, regMax, fast, strict, all, json };
        check.SetAction((parsed, cancellationToken) => Task.FromResult(DataCheckCommand.Run(
            new DataCheckRequest(parsed.GetRequiredValue(path))
            {
                Recipe = parsed.GetValue(recipe),
                Size = parsed.GetValue(size),
                RegMax = parsed.GetValue(regMax),
                Fast = parsed.GetValue(fast),
                Strict = parsed.GetValue(strict),
                All = parsed.GetValue(all),
                Json = parsed.GetValue(json),
            },
            ui,
            cancellationToken)));

        Verb verb = new("data", "Look at data sets.", "", new Example("focalsharp data check path/to/dataset", "look over a data set")) { check };
        verb.SetAction(parsed =>
        {
            help.Invoke(parsed);
            return ExitCodes.Usage;
        });
        return verb;
    }
}
