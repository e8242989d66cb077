using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using FocalSharp.Cli.Commands;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Imaging.Heif;

namespace FocalSharp.Cli;

/// <summary>The <c>focalsharp</c> tool: parses the command line, runs a command and returns an exit code.</summary>
internal static class CommandLineApp
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">The arguments after the tool's name.</param>
    /// <param name="ui">The console.</param>
    /// <param name="cancellationToken">Canceled by Ctrl-C; commands then save their state and return.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, ConsoleUi ui, CancellationToken cancellationToken)
    {
        HeifImages.Enable();
        RootCommand root = CreateRoot(ui);
        ParseResult parsed = CommandLineParser.Parse(root, args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        InvocationConfiguration invocation = new()
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null, // CtrlCHandler handles the signals
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
            return cancellationToken.IsCancellationRequested && parsed.CommandResult.Command is not CliCommand { RunsUntilStopped: true } ? ExitCodes.Interrupted : code;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (FocalSharpException exception)
        {
            ui.Error(exception.Message);
            if (ErrorHints.Find(exception, parsed) is { } hint)
            {
                ui.Note(hint);
            }

            return ExitCodes.UserError;
        }
        catch (Exception exception)
        {
            ui.Error($"{exception.GetType().Name}: {FirstLine(exception.Message)}");
            ui.Note($"This is a bug in FocalSharp. {CrashReport.Save(exception, args)}");
            return ExitCodes.InternalError;
        }
    }

    /// <summary>Creates the tool's commands.</summary>
    public static RootCommand CreateRoot(ConsoleUi ui)
    {
        RootCommand root = new(
            "FocalSharp trains, evaluates and deploys object detectors with Generalized Focal Loss.\n"
            + "Every box comes with an uncertainty for each of its four edges.");
        HelpWithExamples help = new(new HelpAction(), Examples);
        root.Add(new TrainCommand(ui));
        root.Add(new TuneCommand(ui));
        root.Add(new EvalCommand(ui));
        root.Add(new PredictCommand(ui));
        root.Add(new CalibrateCommand(ui));
        root.Add(new ThresholdCommand(ui));
        root.Add(new SelectCommand(ui));
        root.Add(new ReportCommand(ui));
        root.Add(new DataCommand(ui, help));
        root.Add(new ConvertCommand(ui));
        root.Add(new ImportCommand(ui));
        root.Add(new ExportCommand(ui));
        root.Add(new ModelsCommand(ui));
        root.Add(new ServeCommand(ui));
        root.Add(new ExploreCommand(ui));
        root.Add(new ReplayCommand(ui));
        root.Add(new InfoCommand(ui));
        root.Add(new DoctorCommand(ui));
        root.Add(new CompletionCommand(ui));
        foreach (Option option in root.Options)
        {
            option.Description = option switch
            {
                HelpOption => "Show help; 'focalsharp COMMAND --help' shows the options of a command",
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

    private static Example[] Examples =>
    [
        new("focalsharp train demo", "train a small detector on generated scenes: no download, a few minutes"),
        new("focalsharp data check path/to/dataset", "check your own data set (COCO, Pascal VOC or YOLO)"),
        new("focalsharp train path/to/dataset", "train on it"),
        new("focalsharp predict runs/dataset photo.jpg", "detect objects in an image"),
    ];

    private static int ExplainUsage(ConsoleUi ui, ParseResult parsed, IReadOnlyList<string> errors)
    {
        foreach (string error in errors)
        {
            ui.Error(error);
        }

        IEnumerable<string> path = parsed.CommandResult.Command is RootCommand ? [] : Path(parsed.CommandResult);
        ui.Note($"Run '{string.Join(' ', path.Prepend("focalsharp"))} --help' for usage.");
        return ExitCodes.Usage;
    }

    private static IEnumerable<string> Path(CommandResult result) =>
        result.Parent is CommandResult parent ? Path(parent).Append(result.Command.Name) : [];

    private static string FirstLine(string message) => message.Split('\n', 2)[0].TrimEnd('\r');
}
