using System.Text.Json;
using FocalSharp.Datasets.Files;
using FocalSharp.Datasets.Reading;
using FocalSharp.IO;

namespace FocalSharp.Datasets.Formats;

/// <summary>Reads large JSON files one entry at a time, so that only one is in memory.</summary>
internal static class JsonElements
{
    /// <summary>Reads the entries of a list; a file with a single object counts as a list of one.</summary>
    /// <exception cref="JsonException">The text is not JSON; the entries before have been read.</exception>
    public static void ReadArray(string file, DatasetCollector collector, Action<JsonTree> read)
    {
        using Stream stream = JsonFile.Open(file, collector.Raw.Log, collector.Show(file));
        JsonTokenStream json = new(stream);
        json.Next();
        if (json.Type != JsonTokenType.StartArray)
        {
            read(JsonTree.Read(ref json));
            return;
        }

        for (json.Next(); json.Type != JsonTokenType.EndArray; json.Next())
        {
            read(JsonTree.Read(ref json));
        }

        json.Read();
    }

    /// <summary>Reads the members of the root object.</summary>
    /// <param name="file">The file.</param>
    /// <param name="collector">Receives the encoding, if it had to be guessed.</param>
    /// <param name="split">The members whose own members or elements are passed one by one.</param>
    /// <param name="read">Receives the member's name, the name within it (null in a list, and for members that are passed whole), and the value.</param>
    /// <exception cref="JsonException">The text is not JSON; the entries before have been read.</exception>
    public static void ReadObject(string file, DatasetCollector collector, IReadOnlyCollection<string> split, Action<string, string?, JsonTree> read)
    {
        using Stream stream = JsonFile.Open(file, collector.Raw.Log, collector.Show(file));
        JsonTokenStream json = new(stream);
        json.Next();
        if (json.Type != JsonTokenType.StartObject)
        {
            throw new JsonException("its root is not an object");
        }

        for (json.Next(); json.Type == JsonTokenType.PropertyName; json.Next())
        {
            string name = json.ReadName();
            json.Next();
            if (split.Contains(name) && json.Type == JsonTokenType.StartArray)
            {
                for (json.Next(); json.Type != JsonTokenType.EndArray; json.Next())
                {
                    read(name, null, JsonTree.Read(ref json));
                }
            }
            else if (split.Contains(name) && json.Type == JsonTokenType.StartObject)
            {
                for (json.Next(); json.Type == JsonTokenType.PropertyName; json.Next())
                {
                    string inner = json.ReadName();
                    json.Next();
                    read(name, inner, JsonTree.Read(ref json));
                }
            }
            else
            {
                read(name, null, JsonTree.Read(ref json));
            }
        }

        json.Read();
    }

    /// <summary>Reads JSON lines. A broken line is reported, and the others are read.</summary>
    public static void ReadLines(string file, DatasetCollector collector, Action<JsonTree, long> read)
    {
        using TextReader reader = TextLines.Open(file, collector.Raw.Log, collector.Show(file));
        foreach ((string line, long number) in TextLines.Read(reader))
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            JsonTree entry;
            try
            {
                entry = JsonTree.Parse(line);
            }
            catch (JsonException exception)
            {
                collector.Raw.Log.Add(
                    DatasetProblemKind.UnreadableAnnotation, collector.Show(file), $"not JSON ({ProblemLog.Sanitize(exception.Message)}), skipped",
                    "fix the line or export the file again", place: $"line {number}");
                continue;
            }

            read(entry, number);
        }
    }
}
