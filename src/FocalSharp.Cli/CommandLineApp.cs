using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Cli.Verbs;

namespace FocalSharp.Cli;

/// <summary>The <c>focalsharp</c> tool: parses the command line, runs a verb, and turns every ending into an exit code.</summary>
internal static class CommandLineApp
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">The words after the tool's name.</param>
    /// <param name="ui">Where it speaks.</param>
    /// <param name="cancellationToken">Cancelled by Ctrl-C; long work then saves and returns.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, ConsoleUi ui, CancellationToken cancellationToken)
    {
        RootCommand root = CreateRoot(ui);
        ParseResult parsed = CommandLineParser.Parse(root, args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        InvocationConfiguration invocation = new()
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // Interruption does this, and says so
            Output = ui.Out.Profile.Out.Writer,
            Error = ui.Err.Profile.Out.Writer,
        };
        try
        {
            if (parsed.Action?.ClearsParseErrors != true && UsageErrors.Find(parsed) is { Count: > 0 } errors)
            {
                return ExplainUsage(ui, parsed, errors);
            }

            int code = await parsed.InvokeAsync(invocation, cancellationToken);
            return cancellationToken.IsCancellationRequested && parsed.CommandResult.Command is not Verb { RunsUntilStopped: true } ? ExitCodes.Interrupted : code;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (FocalSharpException exception)
        {
            ui.Error(exception.Message);
            return ExitCodes.UserError;
        }
        catch (Exception exception)
        {
            ui.Error($"{exception.GetType().Name}: {FirstLine(exception.Message)}");
            ui.Note($"This is a bug in FocalSharp. {CrashReport.Save(exception, args)}");
            return ExitCodes.InternalError;
        }
    }

    /// <summary>The tool's commands.</summary>
    public static RootCommand CreateRoot(ConsoleUi ui)
    {
        RootCommand root = new(
            "FocalSharp trains, judges and runs Generalized Focal Loss object detectors.\n"
            + "It finds objects in pictures, and says of every box which of its edges are uncertain.");
        HelpWithExamples help = new(new HelpAction(), GeneralExamples);
        root.Add(TrainVerb.Create(ui));
        root.Add(EvalVerb.Create(ui));
        root.Add(PredictVerb.Create(ui));
        root.Add(ReportVerb.Create(ui));
        root.Add(DataVerb.Create(ui, help));
        root.Add(ConvertVerb.Create(ui));
        root.Add(ImportVerb.Create(ui));
        root.Add(ExportVerb.Create(ui));
        root.Add(ModelsVerb.Create(ui));
        root.Add(ServeVerb.Create(ui));
        root.Add(ExploreVerb.Create(ui));
        root.Add(ReplayVerb.Create(ui));
        root.Add(InfoVerb.Create(ui));
        foreach (Option option in root.Options)
        {
            option.Description = option switch
            {
                HelpOption => "Show help; 'focalsharp VERB --help' tells all about one verb",
                VersionOption => "Show the version",
                _ => option.Description,
            };
            option.Action = option switch
            {
                HelpOption => help,
                VersionOption => new VersionAction(),
                _ => option.Action,
            };
        }

        root.SetAction(parsed =>
        {
            help.Invoke(parsed);
            return ExitCodes.Usage;
        });
        return root;
    }

    private static Example[] GeneralExamples =>
    [
        new("focalsharp train demo", "train a small detector on drawn scenes: nothing to download, a few minutes"),
        new("focalsharp data check path/to/dataset", "look over your own data set (COCO, Pascal VOC or YOLO)"),
        new("focalsharp train path/to/dataset", "train on it"),
        new("focalsharp predict runs/dataset photo.jpg", "find objects in a photo with what was trained"),
    ];

    private static int ExplainUsage(ConsoleUi ui, ParseResult parsed, IReadOnlyList<string> errors)
    {
        foreach (string error in errors)
        {
            ui.Error(error);
        }

        IEnumerable<string> path = parsed.CommandResult.Command is RootCommand ? [] : Path(parsed.CommandResult);
        ui.Note($"Run '{string.Join(' ', path.Prepend("focalsharp"))} --help' to see what is possible.");
        return ExitCodes.Usage;
    }

    private static IEnumerable<string> Path(CommandResult result) =>
        result.Parent is CommandResult parent ? Path(parent).Append(result.Command.Name) : [];

    private static string FirstLine(string message) => message.Split('\n', 2)[0].TrimEnd('\r');
}
