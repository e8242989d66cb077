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
            Description = "The model to describe: " + WeightsOption.HelpText,
        };
        Option<string?> weights = WeightsOption.Create();
        Option<string?> json = JsonOption.Create("Write it as JSON");
        Verb verb = new(
            "info",
            "Describe this machine as FocalSharp sees it, or a model.",
            "",
            new Example("focalsharp info", "versions, CPU, threads, whether libtorch loads"),
            new Example("focalsharp info runs/demo", "classes, settings and size of what was trained"))
        { model, weights, json };
        verb.Validators.Add(result =>
        {
            if (result.GetValue(weights) is not null && result.GetValue(model) is { } second)
            {
                result.AddError($"'{second}' is one word too many: --weights names the model already.");
            }
        });
        verb.SetAction((parsed, cancellationToken) => Task.FromResult(InfoCommand.Run(parsed.GetValue(weights) ?? parsed.GetValue(model), parsed.GetValue(json), ui, cancellationToken)));
        return verb;
    }
}
