using System.Text.Json;
using System.Text.RegularExpressions;
using FocalSharp.Runtime;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive.Formatting;

namespace FocalSharp.Reporting.Tests;

/// <summary>The notebook of samples/notebooks: its cells run, and show what the file contains.</summary>
public sealed partial class NotebookFileTests
{
    private static readonly string Notebook = Path.Combine(RepositoryRoot.Path, "samples", "notebooks", "focalsharp.ipynb");

    [Fact]
    public async Task Every_cell_runs_and_shows_the_output_in_the_file()
    {
        using JsonDocument notebook = JsonDocument.Parse(await File.ReadAllBytesAsync(Notebook, TestContext.Current.CancellationToken));
        ScriptOptions options = ScriptOptions.Default
            .WithReferences(typeof(Detector).Assembly, typeof(Plot).Assembly, typeof(Imaging.RgbImage).Assembly, typeof(Detections.Detection).Assembly)
            .WithImports("System", "System.IO", "System.Linq", "System.Collections.Generic");
        ScriptState<object>? state = null;
        int compared = 0;
        foreach (JsonElement cell in notebook.RootElement.GetProperty("cells").EnumerateArray().Where(cell => cell.GetProperty("cell_type").GetString() == "code"))
        {
            string code = string.Concat(cell.GetProperty("source").EnumerateArray().Select(line => line.GetString()));
            if (code.StartsWith("#r", StringComparison.Ordinal))
            {
                continue; // the test references the projects instead
            }

            state = state is null
                ? await CSharpScript.RunAsync<object>(code, options, cancellationToken: TestContext.Current.CancellationToken)
                : await state.ContinueWithAsync<object>(code, cancellationToken: TestContext.Current.CancellationToken);
            JsonElement output = Assert.Single(cell.GetProperty("outputs").EnumerateArray());
            Assert.Equal(Simplify(Html(output.GetProperty("data").GetProperty("text/html"))), Simplify(state.ReturnValue.ToDisplayString(HtmlFormatter.MimeType)));
            compared++;
        }

        Assert.Equal(7, compared);
    }

    private static string Html(JsonElement html) =>
        html.ValueKind == JsonValueKind.Array ? string.Concat(html.EnumerateArray().Select(line => line.GetString())) : html.GetString()!;

    // Pixels of text depend on the machine's fonts, and line ends on how the file was written.
    private static string Simplify(string html) => Whitespace().Replace(ImageBytes().Replace(html, "base64,"), " ").Trim();

    [GeneratedRegex("base64,[A-Za-z0-9+/=]+")]
    private static partial Regex ImageBytes();

    [GeneratedRegex("\\s+")]
    private static partial Regex Whitespace();
}
