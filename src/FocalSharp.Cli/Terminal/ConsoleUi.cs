using Spectre.Console;
using Spectre.Console.Rendering;

namespace FocalSharp.Cli.Terminal;

/// <summary>
/// The tool's console: colors, tables and progress bars on a terminal; plain, unwrapped lines in a file or pipe. Texts are written
/// verbatim; square brackets are not markup.
/// </summary>
internal sealed class ConsoleUi
{
    // Redirected text is not wrapped, so that a path or a table row stays on one line.
    private const int RedirectedWidth = 4096;

    /// <summary>Initializes a console from two Spectre consoles.</summary>
    public ConsoleUi(IAnsiConsole output, IAnsiConsole error)
    {
        Out = output;
        Err = error;
    }

    /// <summary>Gets the console for results.</summary>
    public IAnsiConsole Out { get; }

    /// <summary>Gets the console for errors and warnings.</summary>
    public IAnsiConsole Err { get; }

    /// <summary>Gets a value indicating whether <see cref="Out"/> is a terminal on which progress bars can be redrawn.</summary>
    public bool IsInteractive => Out.Profile.Out.IsTerminal && Out.Profile.Capabilities.Ansi;

    /// <summary>Creates a console for the process's stdout and stderr.</summary>
    public static ConsoleUi ForProcess()
    {
        Console.OutputEncoding = System.Text.Encoding.UTF8;
        return new(
            Create(Console.Out, Console.IsOutputRedirected),
            Create(Console.Error, Console.IsErrorRedirected));
    }

    /// <summary>Creates a console that writes plain text to writers, for tests.</summary>
    public static ConsoleUi ForWriters(TextWriter output, TextWriter error) => new(Create(output, redirected: true), Create(error, redirected: true));

    /// <summary>Returns a console that writes results to stderr, so that stdout contains only JSON.</summary>
    public ConsoleUi WithResultsOnError() => new(Err, Err);

    /// <summary>Writes text to stdout, unstyled and unwrapped (JSON, help).</summary>
    public void Raw(string text) => Out.Profile.Out.Writer.Write(text);

    /// <summary>Writes one line.</summary>
    public void Line(string text = "") => Out.WriteLine(text);

    /// <summary>Writes a heading.</summary>
    public void Heading(string text) => Out.WriteLine(text, new Style(decoration: Decoration.Bold));

    /// <summary>Writes one line that reports success.</summary>
    public void Success(string text) => Out.WriteLine(text, new Style(Color.Green));

    /// <summary>Writes one dimmed line.</summary>
    public void Dim(string text) => Out.WriteLine(text, new Style(decoration: Decoration.Dim));

    /// <summary>Writes a name and its value; names are aligned in a column.</summary>
    public void Field(string name, string value, int width = 14)
    {
        Out.Write(new Text(name.PadRight(width) + " ", new Style(decoration: Decoration.Dim)));
        Out.WriteLine(value);
    }

    /// <summary>Writes a table or another widget.</summary>
    public void Write(IRenderable widget) => Out.Write(widget);

    /// <summary>Writes a warning to stderr.</summary>
    public void Warn(string text) => WriteLabeled("warning: ", Color.Yellow, text);

    /// <summary>Writes one line to stderr.</summary>
    public void Note(string text) => Err.WriteLine(text);

    /// <summary>Writes an error to stderr.</summary>
    public void Error(string text) => WriteLabeled("error: ", Color.Red, text);

    private void WriteLabeled(string label, Color color, string text)
    {
        Err.Write(new Text(label, new Style(color, decoration: Decoration.Bold)));
        Err.WriteLine(text);
    }

    private static IAnsiConsole Create(TextWriter writer, bool redirected)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = redirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (redirected)
        {
            console.Profile.Width = RedirectedWidth;
        }

        return console;
    }
}
