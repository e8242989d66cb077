using System.CommandLine;
using FocalSharp.Cli.Machine;
using FocalSharp.Cli.Parsing;
using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Commands;

/// <summary><c>focalsharp doctor</c>: describes this machine for a problem report, and names what is missing.</summary>
internal sealed class DoctorCommand : CliCommand
{
    private readonly Option<string?> _json = SharedOptions.Json("Write the description as JSON");

    public DoctorCommand(ConsoleUi ui)
        : base(ui, "doctor", "Show versions, CPU features, threads, caches and what is missing, for a problem report.")
    {
        Details = "The exit code is 1 if a native library or the cache cannot be used.";
        Examples =
        [
            new("focalsharp doctor", "check this machine; paste the output into a problem report"),
            new("focalsharp doctor --json -", "the same as JSON"),
        ];
        Add(_json);
    }

    /// <summary>Writes a report as fields and as JSON.</summary>
    public static void Write(MachineReport report, JsonOutput output)
    {
        foreach ((string name, string value) in report.Fields)
        {
            output.Ui.Field(name, value, width: 18);
        }

        output.Write(() => JsonText.Write(writer =>
        {
            writer.WriteStartObject();
            foreach ((string name, string value) in report.Fields)
            {
                writer.WriteString(name, value);
            }

            writer.WriteStartArray("problems");
            foreach (string problem in report.Problems)
            {
                writer.WriteStringValue(problem);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }));
    }

    protected override Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        JsonOutput output = new(parsed.GetValue(_json), Ui);
        MachineReport report = MachineReport.Create();
        Write(report, output);
        foreach (string problem in report.Problems)
        {
            Ui.Error(problem);
        }

        if (report.Problems.Count == 0)
        {
            output.Ui.Success("No problems found.");
        }

        return Task.FromResult(report.Problems.Count == 0 ? ExitCodes.Success : ExitCodes.UserError);
    }
}
