using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Verbs;

/// <summary><c>focalsharp report</c></summary>
internal static class ReportVerb
{
    public static Verb Create(ConsoleUi ui)
    {
        Argument<string> run = new("RUN") { Description = "The run's folder (runs/NAME)" };
        Argument<string?> data = new("DATA") { Arity = ArgumentArity.ZeroOrOne, Description = "The data set that it was trained on, where that has moved" };
        Option<string?> output = new("--out") { HelpName = "HTML", Description = "Where the page goes [default: RUN/report.html, written anew]" };
        Option<string?> json = JsonOption.Create("Write the numbers behind the page as JSON");
        Verb verb = new(
            "report",
            "Make a run's report anew: what goes wrong, what it costs, which labels to check.",
            "The run's weights are judged again on the images that it was judged by. A run that is still going, or was broken off, is reported on by\n"
            + "its best weights so far. For other weights or data: eval MODEL DATA --report.",
            new Example("focalsharp report runs/cells", "write runs/cells/report.html anew"),
            new Example("focalsharp report runs/cells path/to/dataset --out cells.html", "with the data set at another place, into another file"))
        { run, data, output, json };
        verb.Validators.Add(result =>
        {
            if (result.GetValue(output) is { } path && !ReportOption.IsPage(path))
            {
                result.AddError($"--out {path}: the page's name must end in .html, so that no other file is written over by mistake.");
            }
        });
        verb.SetAction((parsed, cancellationToken) => Task.FromResult(ReportCommand.Run(
            parsed.GetRequiredValue(run), parsed.GetValue(data), parsed.GetValue(output), parsed.GetValue(json), CommandLine.Format(parsed), ui, cancellationToken)));
        return verb;
    }
}
