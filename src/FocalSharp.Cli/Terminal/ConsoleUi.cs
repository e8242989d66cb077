using Spectre.Console;
using Spectre.Console.Rendering;

namespace FocalSharp.Cli.Terminal;

/// <summary>
/// All that the tool says. Colours, tables and bars where a person watches; plain unwrapped lines where the output goes to a
/// file or a pipe. Texts are taken as they are: square brackets in a file name mean nothing to it.
/// </summary>
internal sealed class ConsoleUi
{
    // Redirected text is never wrapped: a path or a table row stays one line for grep.
    private const int RedirectedWidth = 4096;

    /// <summary>Makes a console over two Spectre consoles.</summary>
    public ConsoleUi(IAnsiConsole output, IAnsiConsole error)
    {
        Out = output;
        Err = error;
    }

    /// <summary>Where results go.</summary>
    public IAnsiConsole Out { get; }

    /// <summary>Where errors and warnings go.</summary>
    public IAnsiConsole Err { get; }

    /// <summary>True where a person watches <see cref="Out"/>, so that bars may be redrawn in place.</summary>
    public bool IsInteractive => Out.Profile.Out.IsTerminal && Out.Profile.Capabilities.Ansi;

    /// <summary>The process's own streams.</summary>
    public static ConsoleUi ForProcess()
    {
        Console.OutputEncoding = System.Text.Encoding.UTF8;
        return new(
            Create(Console.Out, Console.IsOutputRedirected),
            Create(Console.Error, Console.IsErrorRedirected));
    }

    /// <summary>Plain text into writers: for tests and for embedding.</summary>
    public static ConsoleUi ForWriters(TextWriter output, TextWriter error) => new(Create(output, redirected: true), Create(error, redirected: true));

    /// <summary>The same console with results sent to stderr, so that stdout holds JSON alone.</summary>
    public ConsoleUi WithResultsOnError() => new(Err, Err);

    /// <summary>Writes raw text to stdout, unstyled and unwrapped (JSON, help).</summary>
    public void Raw(string text) => Out.Profile.Out.Writer.Write(text);

    /// <summary>Writes one line.</summary>
    public void Line(string text = "") => Out.WriteLine(text);

    /// <summary>Writes a heading.</summary>
    public void Heading(string text) => Out.WriteLine(text, new Style(decoration: Decoration.Bold));

    /// <summary>Writes one line that reports success.</summary>
    public void Success(string text) => Out.WriteLine(text, new Style(Color.Green));

    /// <summary>Writes one line of lesser weight.</summary>
    public void Dim(string text) => Out.WriteLine(text, new Style(decoration: Decoration.Dim));

    /// <summary>Writes a name and its value, names aligned in a column.</summary>
    public void Field(string name, string value, int width = 14)
    {
        Out.Write(new Text(name.PadRight(width) + " ", new Style(decoration: Decoration.Dim)));
        Out.WriteLine(value);
    }

    /// <summary>Writes a table or another widget.</summary>
    public void Write(IRenderable widget) => Out.Write(widget);

    /// <summary>Warns on stderr.</summary>
    public void Warn(string text) => WriteLabeled("warning: ", Color.Yellow, text);

    /// <summary>Writes one line on stderr.</summary>
    public void Note(string text) => Err.WriteLine(text);

    /// <summary>Tells an error on stderr.</summary>
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
