using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>import</c>.</summary>
internal static class ImportCommand
{
    /// <summary>Imports as asked and returns the exit code.</summary>
    public static int Run(string file, string? output, string names, ConsoleUi ui, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ui.Quiet($"{file} {output} {names}");
        throw new UserErrorException("import: this build has no importer.");
    }
}
