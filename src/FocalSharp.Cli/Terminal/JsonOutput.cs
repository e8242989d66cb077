using FocalSharp.IO;

namespace FocalSharp.Cli.Terminal;

/// <summary>The target of <c>--json</c>: a file, stdout for <c>-</c>, or none. With JSON on stdout, other output goes to stderr.</summary>
internal sealed class JsonOutput(string? path, ConsoleUi ui)
{
    private bool ToStdout => string.Equals(path, "-", StringComparison.Ordinal);

    /// <summary>Gets the console for other output: stderr if stdout receives the JSON.</summary>
    public ConsoleUi Ui { get; } = string.Equals(path, "-", StringComparison.Ordinal) ? ui.WithResultsOnError() : ui;

    /// <summary>Writes the JSON to the target.</summary>
    /// <param name="json">Creates the JSON; not called without a target.</param>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public void Write(Func<string> json)
    {
        if (path is null)
        {
            return;
        }

        if (ToStdout)
        {
            ui.Raw(json().TrimEnd('\n') + "\n");
            return;
        }

        AtomicFile.WriteText(path, json().TrimEnd('\n') + "\n");
        Ui.Dim($"JSON: {path}");
    }
}
