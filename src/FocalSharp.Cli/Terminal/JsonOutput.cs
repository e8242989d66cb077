using FocalSharp.IO;

namespace FocalSharp.Cli.Terminal;

/// <summary>Where <c>--json</c> goes: a file, stdout for <c>-</c>, or nowhere. What people read makes way for JSON on stdout.</summary>
internal sealed class JsonOutput(string? path, ConsoleUi ui)
{
    private bool ToStdout => string.Equals(path, "-", StringComparison.Ordinal);

    /// <summary>Where to speak to people: stderr where stdout holds the JSON.</summary>
    public ConsoleUi Ui { get; } = string.Equals(path, "-", StringComparison.Ordinal) ? ui.WithResultsOnError() : ui;

    /// <summary>Writes the JSON where it was asked for.</summary>
    /// <exception cref="FocalSharpException">The file cannot be written.</exception>
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
