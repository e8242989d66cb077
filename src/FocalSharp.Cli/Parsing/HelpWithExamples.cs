using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace FocalSharp.Cli.Parsing;

/// <summary>Prints the standard help text, followed by the command's details and examples.</summary>
/// <param name="standard">The standard help text.</param>
/// <param name="rootExamples">Examples of the tool as a whole.</param>
internal sealed class HelpWithExamples(HelpAction standard, IReadOnlyList<Example> rootExamples) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = standard.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        CliCommand? command = parseResult.CommandResult.Command as CliCommand;
        if (command is { Details.Length: > 0 })
        {
            output.WriteLine(command.Details);
            output.WriteLine();
        }

        IReadOnlyList<Example> examples = command?.Examples ?? rootExamples;
        if (examples.Count > 0)
        {
            output.WriteLine("Examples:");
            foreach (Example example in examples)
            {
                output.WriteLine($"  {example.Command}");
                output.WriteLine($"      {example.Description}");
            }

            output.WriteLine();
        }

        return code;
    }
}
