using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Verbs;

/// <summary><c>focalsharp info</c></summary>
internal static class InfoVerb
{
    public static Verb Create(ConsoleUi ui)
    {
        Argument<string?> model = new("MODEL")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "A run's folder or a weights file to describe",
        };
        Option<string?> json = JsonOption.Create("Write it as JSON");
        Verb verb = new(
            "info",
            "Describe this machine as FocalSharp sees it, or a model.",
            "",
            new Example("focalsharp info", "versions, CPU, threads, whether libtorch loads"),
            new Example("focalsharp info runs/demo", "classes, settings and size of what was trained"))
        { model, json };
        verb.SetAction((parsed, cancellation) => Task.FromResult(InfoCommand.Run(parsed.GetValue(model), parsed.GetValue(json), ui, cancellation)));
        return verb;
    }
}
