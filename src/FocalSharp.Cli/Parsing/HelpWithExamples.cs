using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace FocalSharp.Cli.Parsing;

/// <summary>The usual help text, followed by the verb's examples.</summary>
internal sealed class HelpWithExamples(HelpAction usual, IReadOnlyList<Example> general) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = usual.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        Command command = parseResult.CommandResult.Command;
        WriteDetails(command, output);
        IReadOnlyList<Example> examples = command is Verb verb ? verb.Examples : general;
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

    private static void WriteDetails(Command command, TextWriter output)
    {
        if (command is Verb { Details.Length: > 0 } verb)
        {
            output.WriteLine(verb.Details);
            output.WriteLine();
        }
    }
}
