using FocalSharp.Cli.Terminal;

namespace FocalSharp.Cli.Verbs;

/// <summary>Runs <c>convert</c>.</summary>
internal static class ConvertCommand
{
    /// <summary>Converts as asked and returns the exit code.</summary>
    public static int Run(string source, string format, string output, ConsoleUi ui, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ui.Quiet($"{source} {format} {output}");
        throw new UserErrorException("convert: this build has no writers.");
    }
}
