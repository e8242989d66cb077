using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Verbs;

/// <summary><c>focalsharp replay</c></summary>
internal static class ReplayVerb
{
    public static Verb Create(ConsoleUi ui)
    {
        Argument<string> file = new("FILE") { Description = "A batch that a training kept when a step went wrong (runs/NAME/faults/step-….safetensors)" };
        Option<string?> picture = new("--picture") { HelpName = "PNG", Description = "Draw the batch with its boxes, as the network saw it" };
        Option<string?> json = JsonOption.Create("Write what was found as JSON");
        Verb verb = new(
            "replay",
            "Take a faulty training step apart: which image, box, level and loss.",
            "The file holds the batch and the weights that it met; neither the data set nor the run is needed.",
            new Example("focalsharp replay runs/cells/faults/step-000412.safetensors", "losses by level, and where the fault comes from"),
            new Example("focalsharp replay runs/cells/faults/step-000412.safetensors --picture batch.png", "and the batch as a picture"))
        { file, picture, json };
        verb.SetAction((parsed, _) => Task.FromResult(ReplayCommand.Run(parsed.GetRequiredValue(file), parsed.GetValue(picture), parsed.GetValue(json), ui)));
        return verb;
    }
}
