using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using FocalSharp.Cli.Parsing;
using FocalSharp.IO;

namespace FocalSharp.Cli.Prediction;

/// <summary>
/// The parts of a prediction that several processes share: one file for each, written atomically, which is complete if it exists. The names depend on
/// the images and the options, so that parts of another prediction are not mistaken for finished ones.
/// </summary>
internal sealed class PredictionParts
{
    private const int KeyBytes = 6;

    private readonly string _folder;
    private readonly Shard _shard;
    private readonly string _key;

    /// <summary>Initializes the parts of a prediction.</summary>
    /// <param name="folder">The folder of the results; parts are in its subfolder <c>parts</c>.</param>
    /// <param name="shard">The part of this process.</param>
    /// <param name="identity">What the results depend on: images, options and model.</param>
    public PredictionParts(string folder, Shard shard, IEnumerable<string> identity)
    {
        (_folder, _shard) = (Path.Combine(folder, "parts"), shard);
        _key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', identity))).AsSpan(0, KeyBytes));
    }

    /// <summary>Gets whether the part of this process is finished.</summary>
    public bool IsFinished => File.Exists(GetPath(_shard.Index));

    /// <summary>Gets the number of parts that are finished.</summary>
    public int FinishedCount => Enumerable.Range(0, _shard.Count).Count(part => File.Exists(GetPath(part)));

    /// <summary>Saves the part of this process.</summary>
    /// <param name="json">JSON as <see cref="PredictionJson"/> or <see cref="LabelStudioTasks"/> writes it.</param>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public void Save(string json)
    {
        DirectoryAccess.RequireWritable(_folder);
        AtomicFile.WriteText(GetPath(_shard.Index), json.TrimEnd('\n') + "\n");
    }

    /// <summary>
    /// Merges the parts line by line into the file that one process would write. Processes that finish at the same time write the same bytes.
    /// </summary>
    /// <param name="target">The file.</param>
    /// <returns>Whether all parts are finished and merged.</returns>
    /// <exception cref="FileException">A file cannot be read or written.</exception>
    public bool TryMerge(string target)
    {
        if (FinishedCount < _shard.Count)
        {
            return false;
        }

        AtomicFile.Write(target, stream =>
        {
            using StreamWriter writer = new(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            MergeInto(writer, [.. Enumerable.Range(0, _shard.Count).Select(GetPath)]);
        });
        return true;
    }

    /// <summary>Writes the items of the documents' arrays into one document, which has the first one's other lines.</summary>
    private static void MergeInto(StreamWriter writer, string[] paths)
    {
        string? pending = null; // the line before, which gets a comma if another item follows
        string indent = "";
        string opening = "";
        for (int part = 0; part < paths.Length; part++)
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

    private string GetPath(int part) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{_key}-{part:D5}-of-{_shard.Count:D5}.json"));
}
