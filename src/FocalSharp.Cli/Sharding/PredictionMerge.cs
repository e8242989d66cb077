using System.Text;
using FocalSharp.IO;

namespace FocalSharp.Cli.Sharding;

/// <summary>Merges the JSON files of the parts of a prediction line by line into the file that one process would write.</summary>
internal static class PredictionMerge
{
    /// <summary>Merges parts. Processes that do so at the same time write the same bytes.</summary>
    /// <param name="parts">The files of the parts in order, as <see cref="Prediction.PredictionJson"/> or <see cref="Prediction.LabelStudioTasks"/> writes them.</param>
    /// <param name="target">The file.</param>
    /// <exception cref="FileException">A file cannot be read or written.</exception>
    public static void Write(IReadOnlyList<string> parts, string target) => AtomicFile.Write(target, stream =>
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        MergeInto(writer, parts);
    });

    /// <summary>Writes the items of the documents' arrays into one document, which has the first one's other lines.</summary>
    private static void MergeInto(StreamWriter writer, IReadOnlyList<string> paths)
    {
        string? pending = null; // the line before, which gets a comma if another item follows
        string indent = "";
        string opening = "";
        for (int part = 0; part < paths.Count; part++)
        {
            bool inside = false;
            foreach (string line in File.ReadLines(paths[part]))
            {
                if (!inside)
                {
                    (bool opens, bool isEmpty) = (IsOpening(line), line.EndsWith("[]", StringComparison.Ordinal) && IsOpening(line[..^1]));
                    if (opens || isEmpty)
                    {
                        inside = opens;
                        (indent, opening) = (line[..(line.Length - line.TrimStart().Length)], opens ? line : line[..^1]);
                        if (isEmpty)
                        {
                            break;
                        }
                    }
                    else if (part == 0)
                    {
                        writer.WriteLine(line);
                    }

                    continue;
                }

                if (line == indent + "]")
                {
                    break;
                }

                if (pending is null)
                {
                    writer.WriteLine(opening);
                }
                else
                {
                    // Items begin two blanks deeper than the array; the first line of a part follows the last item of the part before.
                    writer.WriteLine(pending == indent + "  }" && line == indent + "  {" ? pending + "," : pending);
                }

                pending = line;
            }
        }

        if (pending is null)
        {
            writer.WriteLine(opening + "]");
        }
        else
        {
            writer.WriteLine(pending);
            writer.WriteLine(indent + "]");
        }

        if (indent.Length > 0)
        {
            writer.WriteLine("}");
        }
    }

    private static bool IsOpening(string line) => line is "[" or "  \"images\": [";
}
