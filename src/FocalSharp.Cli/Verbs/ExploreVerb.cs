using System.CommandLine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;
using FocalSharp.Explorer;

namespace FocalSharp.Cli.Verbs;

/// <summary><c>focalsharp explore</c></summary>
internal static class ExploreVerb
{
    public static Verb Create(ConsoleUi ui)
    {
        Argument<string?> source = new("RUN")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "A run's folder, a folder of runs, a weights or ONNX file, or the name of a published model [default: runs]",
        };
        Option<string?> data = new("--data") { HelpName = "DATA", Description = "Data set to look into [default: what the run was judged on]" };
        Option<string> host = new("--host")
        {
            HelpName = "ADDRESS",
            Description = "Address to listen on; '*' opens the explorer to the network",
            DefaultValueFactory = _ => "localhost",
        };
        Option<int> port = new("--port", "-p")
        {
            HelpName = "N",
            Description = "Port to listen on; 0 takes any that is free",
            DefaultValueFactory = _ => ExplorerOptions.DefaultPort,
        };
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 65535)
            {
                result.AddError("--port takes a number from 0 to 65535.");
            }
        });
        Option<string?> export = new("--export") { HelpName = "DIR", Description = "Write the loss pages as HTML files that need no server, and end" };
        Verb verb = new(
            "explore",
            "Open a local web app that shows the losses and what a detector sees.",
            "It listens to this machine alone unless --host says otherwise, and loads nothing from elsewhere.",
            new Example("focalsharp explore", "pages of the losses, to drag"),
            new Example("focalsharp explore runs/demo", "and a run: its detections, how sure each edge is, its calibration"),
            new Example("focalsharp explore --export pages", "the loss pages as files that open from disk"))
        { source, data, host, port, export };
        verb.RunsUntilStopped = true;
        verb.SetAction((parsed, cancellationToken) => ExploreCommand.RunAsync(
            new ExploreRequest(parsed.GetRequiredValue(host), parsed.GetRequiredValue(port), parsed.GetValue(export), parsed.GetValue(source), parsed.GetValue(data)), ui, cancellationToken));
        return verb;
    }
}
