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
            Description = "Folder or annotation file of the data set; its format is found out",
        };
        Option<int> size = new("--size")
        {
            HelpName = "PIXELS",
            Description = "Input side that training will use",
            DefaultValueFactory = _ => 320,
        };
        Option<int> regMax = new("--reg-max")
        {
            HelpName = "N",
            Description = "Highest bin of the side distributions",
            DefaultValueFactory = _ => 16,
        };
        Option<bool> all = new("--all") { Description = "List every fault, however many there are" };
        Option<string?> json = JsonOption.Create("Write the findings as JSON");

        Verb check = new(
            "check",
            "Look over a data set.",
            "Tells what is in it, what is wrong with it, entry by entry, and which settings suit it.\n"
            + "Fails (exit code 1) where something cannot be used; what was only mended, such as a box cut to its image, is a warning.",
            new Example("focalsharp data check path/to/dataset", "counts, sizes, class balance, faulty entries"),
            new Example("focalsharp data check annotations.json --size 640 --json findings.json", "for a script"))
        { path, size, regMax, all, json };
        check.SetAction((parsed, cancellation) => Task.FromResult(DataCheckCommand.Run(
            new DataCheckRequest(parsed.GetRequiredValue(path), parsed.GetValue(size), parsed.GetValue(regMax), parsed.GetValue(all), parsed.GetValue(json)), ui, cancellation)));

        Verb verb = new("data", "Look at data sets.", "", new Example("focalsharp data check path/to/dataset", "look over a data set")) { check };
        verb.SetAction(parsed =>
        {
            help.Invoke(parsed);
            return ExitCodes.Usage;
        });
        return verb;
    }
}
